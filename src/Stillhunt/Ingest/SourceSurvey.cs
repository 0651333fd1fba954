using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest;

/// <summary>
/// The look at a source before it is scanned, for what only the whole log tells: by which identity a Bedrock log's callers differ. Looks at the
/// first <see cref="LookedAtBytes"/> of every file, so that a log of many small objects is seen whole. A file whose first records hold none
/// of Bedrock is left at once, so other logs pay for one block.
/// </summary>
internal static class SourceSurvey
{
    public const int LookedAtBytes = 64 << 20;
    private const int FirstRecords = 200;

    /// <summary>What to tell the readers of each source. Standard input cannot be read twice: it is decided on its first block.</summary>
    public static Dictionary<string, BedrockSurvey> Run(LogFiles files, LogScanOptions options, CancellationToken cancellation)
    {
        var surveys = new Dictionary<string, BedrockSurvey>(StringComparer.Ordinal);
        using var block = new RecordBlock();
        foreach (var file in files.Files)
        {
            if (!surveys.TryGetValue(file.Source, out var survey)) surveys[file.Source] = survey = new BedrockSurvey();
            if (survey.Decided || file.Path == LogFile.StandardInput) continue;
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var stream = LogStream.Open(file.Path);
                using var cutter = new RecordCutter(stream, options.RecordLimitBytes);
                Look(cutter, block, survey);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                continue; // The scan itself meets the same fault and reports it.
            }
        }

        return surveys;
    }

    public static bool Look(RecordBlock block, BedrockSurvey survey)
    {
        var any = false;
        for (var i = 0; i < block.Count && !survey.Decided; i++)
        {
            var bytes = block.BytesOf(block[i]);
            // A cheap test first: a record of Bedrock names its model so.
            if (bytes.IndexOf("modelId"u8) < 0)
            {
                if (i >= FirstRecords && !any) return false;
                continue;
            }

            any = true;
            survey.Look(bytes);
        }

        return any;
    }

    private static void Look(RecordCutter cutter, RecordBlock block, BedrockSurvey survey)
    {
        long looked = 0;
        while (looked < LookedAtBytes && !survey.Decided && cutter.Next(block))
        {
            looked += block.Filled;
            if (!Look(block, survey)) return;
        }
    }
}
