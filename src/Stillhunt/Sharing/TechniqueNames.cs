using Stillhunt.Fingerprinting;

namespace Stillhunt.Sharing;

/// <summary>The ids of techniques and capabilities that the project defines; another text in their place came from somewhere else and does not leave.</summary>
internal static class TechniqueNames
{
    public static readonly HashSet<string> All = [.. Enum.GetValues<Technique>().Select(technique => technique.Id())];

    public static readonly HashSet<string> Capabilities = [.. Enumerable.Range(0, TechniqueIds.CapabilityCount).Select(c => ((Capability)c).Id())];
}
