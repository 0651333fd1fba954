using Stillhunt.Proving.Text;

namespace Stillhunt.Proving.Operators;

/// <summary>How an operator asks, by the grammar that it uses.</summary>
internal enum Technique : byte
{
    Elicitation, Reconstruction, Coercion, Grading, Synthesis, Trajectory, Alignment, Cleaning, Replaying, Probing,
}

/// <summary>One part of an operator's work: a technique, how often, over which items, and in which languages.</summary>
internal sealed record WorkLine(Technique Technique, double Share, ItemKind[] Items, string[] Languages);
