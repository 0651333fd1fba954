using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>Whoever sends requests. A step is at most one exchange; it returns when the next step is due.</summary>
internal abstract class Actor
{
    public const long Never = long.MaxValue;

    public abstract long Step(Simulation simulation, Draft draft, long now);
}
