using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Reporting.Text;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt canary</c>: keys for marks, what was served, and whether a model learned from it.</summary>
internal static class CanaryCommand
{
    /// <summary>Corrected p from which the sentence says that the choices agree with the key; below it nothing is said for or against.</summary>
    private const double Surprising = 0.001;

    public static Command Make() => new TaughtCommand("canary",
        "Make canary keys, see what campaigns were served, and test a model's answers for it.",
        """
        Examples:
          stillhunt canary key --file canary.keys
          stillhunt canary list --record canaries.jsonl
          stillhunt canary test --key-file canary.keys --record canaries.jsonl --answers suspect.jsonl
          stillhunt canary test --key-file canary.keys --campaign c-1f488bb937 --answers suspect.jsonl
        docs/canaries.md says what is changed in an answer, how many answers a test needs, and what it can't tell.
        """)
    {
        Key(), List(), Test(), Table(),
    };

    private static Command Key()
    {
        var file = new FileOption<string>("--file", FileUse.Kept) { Form = OutputForm.Any, Description = "The file of canary keys; made if there is none.", HelpName = "FILE", Required = true };
        var epoch = new Option<string?>("--epoch") { Description = "Name of the new key. Default: today's date.", HelpName = "NAME" };
        var command = new Command("key", "Add a key, which the gateway uses from its next start on. Earlier ones stay: without them what they marked can't be tested for.") { file, epoch };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(epoch) ?? TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var key = CanaryKeyFile.Add(parsed.GetValue(file)!, name);
            Console.Out.WriteLine($"Epoch {key.Epoch} stands in {parsed.GetValue(file)}. Keep a copy of the file where the gateway's machine can't lose it.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var record = Record();
        var json = new JsonOption("Write the list as JSON", OutputForm.Json("head"));
        var command = new Command("list", "Follow the chain of the record, and tell what each campaign was served.") { record };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(record) is not { } path) throw new UsageException("Name the gateway's record with --record.");
            var served = Sums(CanaryRecordFile.Read(path, out var head, out _));
            if (json.Write(parsed, () => new JsonObject { ["head"] = head, ["campaigns"] = new JsonArray([.. served.Select(Json)]) })) return ExitCodes.Done;
            foreach (var sum in served)
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{OutputText.Terminal(sum.Campaign, 40)}, epoch {OutputText.Terminal(sum.Epoch, 64)}: {sum.AnswerCount:N0} answers, {sum.MarkedCount:N0} of them marked, {sum.PlaceCount:N0} places, {sum.ChangedCount:N0} changed; {sum.From:yyyy-MM-dd HH:mm} to {sum.To:yyyy-MM-dd HH:mm} UTC"));
            Console.Out.WriteLine($"The record is unbroken; head {head}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Test()
    {
        var answers = new FileOption<string>("--answers", FileUse.Read) { Description = "Answers of the suspect model, JSON Lines: a text a line, or an object with answer, response, output, text or content.", HelpName = "FILE", Required = true };
        var keyFile = new FileOption<string>("--key-file", FileUse.Read) { Description = "The file of canary keys; every epoch is tested.", HelpName = "FILE", Required = true };
        var campaign = new Option<string[]>("--campaign") { Description = "Campaign to test for; may be given often. Default: all of --record.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var record = Record();
        var json = new JsonOption("Write the result as JSON", OutputForm.Json("answer_count"));
        var command = new Command("test", "Test whether a model's answers choose their words as one campaign was served them.") { answers, keyFile, campaign, record };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var keys = CanaryKeyFile.Load(parsed.GetValue(keyFile)!);
            var tested = Tested(keys, parsed.GetValue(campaign) ?? [], parsed.GetValue(record));
            var (counts, unread) = Counted(parsed.GetValue(answers)!);
            var results = tested.Select(pair => CanaryTest.Of(counts, pair.Key, pair.Campaign, tested.Count)).OrderBy(result => result.PValue).ThenBy(result => result.Campaign, StringComparer.Ordinal).ToList();
            if (unread > 0) ExitCodes.Error(string.Create(CultureInfo.InvariantCulture, $"{unread} lines of {parsed.GetValue(answers)} held no answer and were left out."));
            var code = unread > 0 ? ExitCodes.Partly : ExitCodes.Done;
            if (json.Write(parsed, () => new JsonObject
            {
                ["answer_count"] = counts.AnswerCount, ["unread_count"] = unread, ["place_count"] = counts.PlaceCount, ["tested_count"] = tested.Count, ["table"] = CanaryTable.Version,
                ["results"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
                {
                    ["campaign"] = result.Campaign, ["epoch"] = result.Epoch, ["z"] = result.Z, ["p"] = result.PValue, ["corrected_p"] = result.CorrectedPValue, ["cell_count"] = result.CellCount,
                    ["agreement"] = result.Agreement,
                })]),
            })) return code;
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.AnswerCount:N0} answers with {counts.PlaceCount:N0} places where either form could stand; {tested.Count} tested (campaigns and epochs), p multiplied by that."));
            foreach (var result in results)
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{OutputText.Terminal(result.Campaign, 40)}, epoch {OutputText.Terminal(result.Epoch, 64)}: z {result.Z:0.00}, p at most {Small(result.CorrectedPValue)}; {Sentence(result, counts)}"));
            return code;
        });
        return command;
    }

    private static Command Table()
    {
        var command = new Command("table", "Show the pairs of words between which a key chooses.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine($"Version {CanaryTable.Version}; a pair that opens a sentence is followed by a comma.");
            foreach (var pair in CanaryTable.Pairs) Console.Out.WriteLine($"{(pair.Opens ? "opens  " : "within ")}{pair.First} / {pair.Second}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static FileOption<string?> Record() => new("--record", FileUse.Read) { Description = "The gateway's record of what was served.", HelpName = "FILE" };

    private static IReadOnlyList<(CanaryKey Key, string Campaign)> Tested(IReadOnlyList<CanaryKey> keys, string[] named, string? record)
    {
        if (named.Length > 0) return [.. keys.SelectMany(key => named.Distinct(StringComparer.Ordinal).Select(campaign => (key, campaign)))];
        if (record is null) throw new UsageException("Say what to test for: --campaign ID, or --record FILE for all that were served.");
        // Only what was served can have been learned, so nothing else counts in the correction.
        var served = Sums(CanaryRecordFile.Read(record, out _, out _)).Where(sum => sum.PlaceCount > 0).ToList();
        var unknown = served.FirstOrDefault(sum => keys.All(key => key.Epoch != sum.Epoch));
        if (unknown is not null) throw new UsageException($"{record} names the epoch {unknown.Epoch}, and the key file has no key of it.");
        return served.Count > 0 ? [.. served.Select(sum => (keys.Single(key => key.Epoch == sum.Epoch), sum.Campaign))] : throw new InvalidDataException($"By {record} nobody was served a mark yet, so there is nothing to test for.");
    }

    private static (CanaryCounts Counts, long Unread) Counted(string path)
    {
        var (counts, unread) = (new CanaryCounts(), 0L);
        foreach (var line in File.ReadLines(path)) if (line.Length > 0 && !counts.TryAddLine(line)) unread++;
        return counts.AnswerCount > 0 ? (counts, unread) : throw new InvalidDataException($"{path} holds no answers: expected is JSON Lines, a text a line or an object with answer, response, output, text or content.");
    }

    /// <summary>One row for each campaign and epoch.</summary>
    private static List<CanaryServed> Sums(IEnumerable<CanaryServed> served) =>
    [
        .. served.GroupBy(row => (row.Campaign, row.Epoch)).OrderBy(group => group.Key.Campaign, StringComparer.Ordinal).ThenBy(group => group.Key.Epoch, StringComparer.Ordinal)
            .Select(group => new CanaryServed(group.Min(row => row.From), group.Max(row => row.To), group.Key.Campaign, group.Key.Epoch, group.Max(row => row.Table), group.Sum(row => row.AnswerCount),
                group.Sum(row => row.MarkedCount), group.Sum(row => row.PlaceCount), group.Sum(row => row.ChangedCount))),
    ];

    private static JsonNode Json(CanaryServed sum) => new JsonObject
    {
        ["campaign"] = sum.Campaign, ["epoch"] = sum.Epoch, ["table"] = sum.Table, ["from"] = sum.From, ["to"] = sum.To, ["answer_count"] = sum.AnswerCount, ["marked_count"] = sum.MarkedCount,
        ["place_count"] = sum.PlaceCount, ["changed_count"] = sum.ChangedCount,
    };

    private static string Small(double p) => p.ToString(p >= 0.01 ? "0.##" : "0.0e+0", CultureInfo.InvariantCulture);

    private static string Sentence(CanaryTest result, CanaryCounts counts) => counts.PlaceCount == 0 ? "no place to look at, so nothing can be said."
        : result.CorrectedPValue <= Surprising ? $"words are chosen as this campaign was served them ({result.Agreement:P0} agree). By chance that happens no more often than p says; who made the choices it does not tell."
        : "no sign of it. That is no proof against it: the answers may be too few, or the training may not have kept it.";
}
