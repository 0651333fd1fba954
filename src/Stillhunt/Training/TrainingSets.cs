using Stillhunt.Fingerprinting;
using static Stillhunt.Fingerprinting.Technique;

namespace Stillhunt.Training;

/// <summary>What is known about the rows of each public set; docs/data.md names their authors, commits and licences.</summary>
internal static class TrainingSets
{
    /// <summary>Labelled traffic for validation only: nothing may be fitted to it.</summary>
    public const string ValidationOnly = "other_author";

    // A large set must not outweigh the small ones: docs/data.md, How the settings were chosen.
    private const int MostRows = 120;

    private static readonly Dictionary<string, Func<TrainingRow, TrainingLabels>> Labelling = new(StringComparer.Ordinal)
    {
        ["ben_awesome_chatgpt_prompts"] = _ => TrainingLabels.Honest,
        ["ben_banking77"] = _ => TrainingLabels.Honest.Without(Capability.Coding).Without(Capability.Grading).Without(Capability.Agentic)
            .Without(Capability.ToolUse).Without(Capability.Vision).Without(Capability.ComputerUse).Without(Capability.SafetySensitive)
            .Without(Capability.Translation),
        ["ben_openassistant_sample"] = row => row["role"] == "prompter"
            ? TrainingLabels.Honest.Without(Capability.ToolUse).Without(Capability.ComputerUse).Without(Capability.Grading).Without(Capability.Agentic)
            : TrainingLabels.Unknown,
        ["ben_spider_text2sql"] = _ => TrainingLabels.Honest.With(Capability.DataAnalysis),
        ["hn_awesome_copilot"] = _ => TrainingLabels.Honest.With(Capability.Coding),
        ["hn_fabric_patterns"] = Fabric,
        ["hn_gsm8k_test"] = _ => TrainingLabels.Honest.With(Capability.Reasoning).Without(Capability.Coding).Without(Capability.Vision)
            .Without(Capability.Translation).Without(Capability.SafetySensitive).Without(Capability.Grading).Without(Capability.Agentic),
        ["hn_humaneval"] = _ => TrainingLabels.Honest.With(Capability.Coding),
        // A judge template asks for grading whoever sends it; other stages tell the honest evaluator.
        ["hn_llm_judge_templates"] = _ => TrainingLabels.Honest.With(Grading).With(Capability.Grading),
        ["hn_lm_eval_templates"] = LmEval,
        ["hn_mtbench_vicuna_questions"] = _ => TrainingLabels.Honest,
        ["hn_redteam_garak"] = _ => TrainingLabels.Honest.NotKnowing(CapabilityProbing).With(Capability.SafetySensitive),
        ["inst_glaive_toolcall_demo"] = _ => TrainingLabels.Unknown.With(Capability.ToolUse),
        ["inst_gpteacher"] = row => row["subset"] is "Codegen" or "code_seed" ? TrainingLabels.Unknown.With(Capability.Coding) : TrainingLabels.Unknown,
        ["inst_s1_questions"] = _ => TrainingLabels.Unknown.With(Capability.Reasoning),
        ["inst_swesmith_trajectories"] = _ => TrainingLabels.Honest.With(TrajectoryHarvest).With(Capability.Coding).With(Capability.Agentic),
        ["sens_deccp_prompts"] = _ => TrainingLabels.Honest.With(Capability.SafetySensitive),
        ["tpl_airoboros"] = Airoboros,
        ["tpl_code_synthesis"] = row => Path(row).Contains("prompt.txt", StringComparison.Ordinal) || Path(row).Contains("fewshot", StringComparison.Ordinal)
            ? Attack(TaskSynthesis).With(Capability.Coding) : TrainingLabels.Unknown,
        // Whole templates start from a seed text; the fragments of style do not say what they serve.
        ["tpl_cosmopedia"] = row => Says(row, "extract", "snippet") ? Attack(TaskSynthesis).With(Capability.Writing) : TrainingLabels.Unknown,
        ["tpl_evol_instruct"] = Evol,
        ["tpl_long_cot_distill"] = LongCot,
        ["tpl_self_instruct"] = row => Says(row, "come up with", "generate", "任务指令") ? Attack(TaskSynthesis) : TrainingLabels.Unknown,
        ["tpl_swe_trajectory"] = Swe,
        ["tpl_toolbench_agentic"] = ToolBench,
        ["tpl_ultrafeedback_judge"] = row => row["technique"] == "rubric_grading"
            ? row["name"]!.EndsWith("answer", StringComparison.Ordinal) || row["name"] is "honesty_template" or "instruction_following_template"
                ? Attack(Grading).With(Capability.Grading) : TrainingLabels.Unknown
            : TrainingLabels.Honest,
    };

    /// <summary>Whether a folder of this name is read at all. Arrival traces and reference lists hold no prompts.</summary>
    public static bool Reads(string set) =>
        set != ValidationOnly && !set.StartsWith("infra_", StringComparison.Ordinal) && !set.StartsWith("trace_", StringComparison.Ordinal);

    public static bool TryLabel(string set, TrainingRow row, out TrainingLabels labels)
    {
        var known = Labelling.TryGetValue(set, out var label);
        labels = known ? label!(row) : default;
        return known;
    }

    public static int MostRowsOf(string set) => Labelling.ContainsKey(set) ? MostRows : int.MaxValue;

    /// <summary>
    /// Share-alike (Spider) and non-commercial data stay out of shipped weights and serve evaluation only. The templates of
    /// Self-Instruct and WizardLM are Apache-2.0 program code; BELLE's lies in its folder of research-only data.
    /// </summary>
    public static bool Ships(string set, TrainingRow row) =>
        set != "ben_spider_text2sql" && !(row["source_repo"] == "LianjiaTech/BELLE" && Path(row).StartsWith("data/", StringComparison.Ordinal));

    private static TrainingLabels Attack(Technique technique) => TrainingLabels.Honest.With(technique);

    private static string Path(TrainingRow row) => row["path"] ?? "";

    private static bool Says(TrainingRow row, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (row.Prompt!.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static TrainingLabels Fabric(TrainingRow row)
    {
        var pattern = row["pattern"] ?? "";
        var labels = TrainingLabels.Honest;
        foreach (var word in new[] { "rate", "judge", "label", "score", "analyze", "compare", "agility" })
        {
            if (pattern.Contains(word, StringComparison.Ordinal)) labels = labels.NotKnowing(Grading);
        }

        foreach (var word in new[] { "create", "prompt", "improve" })
        {
            if (pattern.Contains(word, StringComparison.Ordinal)) labels = labels.NotKnowing(TaskSynthesis);
        }

        return labels;
    }

    private static TrainingLabels LmEval(TrainingRow row) =>
        Says(row, "step", "reason", "think") ? TrainingLabels.Honest.NotKnowing(ReasoningElicitation) : TrainingLabels.Honest;

    private static TrainingLabels Airoboros(TrainingRow row)
    {
        var path = Path(row);
        return path.Contains("_response", StringComparison.Ordinal) || path.Contains("seeds/", StringComparison.Ordinal) || path.Contains("filter", StringComparison.Ordinal)
            ? TrainingLabels.Unknown
            : Attack(TaskSynthesis);
    }

    private static TrainingLabels Evol(TrainingRow row)
    {
        if (row["technique"] == "judge_scoring" || Path(row).Contains("scorer", StringComparison.Ordinal))
            return Attack(Grading).NotKnowing(TaskSynthesis).With(Capability.Grading);
        // One line of a template says nothing by itself.
        return row.Prompt!.Length < 150 || Path(row).Contains("analyzer", StringComparison.Ordinal) ? TrainingLabels.Unknown : Attack(TaskSynthesis);
    }

    private static TrainingLabels LongCot(TrainingRow row)
    {
        var name = row["name"] ?? "";
        if (row["technique"] == "correctness_grading" || name == "prompt()") return Attack(Grading).With(Capability.Grading);
        return name.Contains("SYSTEM_PROMPT", StringComparison.Ordinal) || name is "system_prompt" && row["source_repo"] == "huggingface/open-r1" ||
            name.StartsWith("system_prompts.", StringComparison.Ordinal)
            ? Attack(ReasoningElicitation).With(Capability.Reasoning)
            : TrainingLabels.Unknown;
    }

    private static TrainingLabels Swe(TrainingRow row)
    {
        var name = row["name"] ?? "";
        var isAgent = name.EndsWith("system_template", StringComparison.Ordinal) || name.EndsWith("instance_template", StringComparison.Ordinal) ||
            name is "system_prompt" or "instance_prompt";
        if (name.Contains("chooser", StringComparison.Ordinal)) return TrainingLabels.Unknown;
        return isAgent ? Attack(TrajectoryHarvest).With(Capability.Coding).With(Capability.Agentic) : TrainingLabels.Unknown;
    }

    private static TrainingLabels ToolBench(TrainingRow row)
    {
        var name = row["name"] ?? "";
        if (name.Contains("RANK", StringComparison.Ordinal)) return Attack(Grading).With(Capability.Grading);
        return name.StartsWith("FORMAT_", StringComparison.Ordinal) || name is "self.task_description" or "init_node" or "DIVERSITY_PROMPT"
            ? Attack(TrajectoryHarvest).With(Capability.ToolUse).With(Capability.Agentic)
            : TrainingLabels.Unknown;
    }
}
