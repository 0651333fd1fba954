using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>
/// The look at a source before it is scanned, for what only the whole log tells: by which identity the callers of a Bedrock or Helicone log differ. Looks at the
/// first <see cref="LookedAtBytes"/> of every file, so that a log of many small objects is seen whole. A file whose first records hold none
/// of these is left at once, so other logs pay for one block.
/// </summary>
internal static class SourceSurvey
{
    public const int LookedAtBytes = 64 << 20;
    private const int FirstRecords = 200;

    /// <summary>What to tell the readers of each source. Standard input cannot be read twice: it is decided on its first block.</summary>
    public static Dictionary<string, IdentitySurvey> Run(LogFiles files, LogScanOptions options, CancellationToken cancellation)
    {
        var surveys = new Dictionary<string, IdentitySurvey>(StringComparer.Ordinal);
        using var block = new RecordBlock();
        foreach (var file in files.Files)
        {
            if (!surveys.TryGetValue(file.Source, out var survey)) surveys[file.Source] = survey = new IdentitySurvey();
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

    public static bool Look(RecordBlock block, IdentitySurvey survey)
    {
        var any = false;
        for (var i = 0; i < block.Count && !survey.Decided; i++)
        {
            var bytes = block.BytesOf(block[i]);
            if (!survey.Look(bytes))
            {
                if (i >= FirstRecords && !any) return false;
                continue;
            }

            any = true;
        }

        return any;
    }

    private static void Look(RecordCutter cutter, RecordBlock block, IdentitySurvey survey)
    {
        long looked = 0;
        while (looked < LookedAtBytes && !survey.Decided && cutter.Next(block))
        {
            looked += block.Filled;
            if (!Look(block, survey)) return;
        }
    }
}
