namespace Stillhunt.Fingerprinting;

/// <summary>How an exchange extracts (DESIGN.md section 4). The first nine are learned from text, the others are rules over fields.</summary>
public enum Technique : byte
{
    ReasoningElicitation, ReasoningReconstruction, ReasoningCoercion, Grading, TaskSynthesis,
    TrajectoryHarvest, AlignmentRewrite, TraceCleaning, CapabilityProbing,
    HandleReplay, WrapperHarvest, TechniqueSearch, ParameterHarvest,
}

/// <summary>What an exchange takes.</summary>
public enum Capability : byte
{
    Reasoning, Coding, Agentic, ToolUse, DataAnalysis, Vision, ComputerUse, Grading, SafetySensitive, Writing, Translation, Knowledge,
}

/// <summary>The published ids.</summary>
public static class TechniqueIds
{
    /// <summary>How many techniques are learned from text: those before <see cref="Technique.HandleReplay"/>.</summary>
    public const int LearnedCount = (int)Technique.HandleReplay;

    private static readonly string[] Techniques =
    [
        "reasoning-elicitation", "reasoning-reconstruction", "reasoning-coercion", "grading", "task-synthesis",
        "trajectory-harvest", "alignment-rewrite", "trace-cleaning", "capability-probing",
        "handle-replay", "wrapper-harvest", "technique-search", "parameter-harvest",
    ];

    private static readonly string[] Capabilities =
    [
        "reasoning", "coding", "agentic", "tool-use", "data-analysis", "vision", "computer-use", "grading",
        "safety-sensitive", "writing", "translation", "knowledge",
    ];

    public static int TechniqueCount => Techniques.Length;
    public static int CapabilityCount => Capabilities.Length;
    public static string Id(this Technique technique) => Techniques[(int)technique];
    public static string Id(this Capability capability) => Capabilities[(int)capability];
}
