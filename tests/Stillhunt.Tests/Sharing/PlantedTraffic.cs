using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;
using Stillhunt.Tests.Sharing;

[assembly: AssemblyFixture(typeof(PlantedTraffic))]

namespace Stillhunt.Tests.Sharing;

/// <summary>
/// Traffic of the range with an operator, into whose prompts, ids and records a company, a secret and a person were planted, so that every stage sees
/// them; scanned once for all tests of the assembly.
/// </summary>
public sealed class PlantedTraffic : IDisposable
{
    /// <summary>Nothing of these may be recovered from what leaves.</summary>
    public static readonly string[] Plants =
        ["zyxwvut", "quillfeather", "sk-live-51H8xQzPlantedSecret", "4915207755310", "zyxwvut-holdings.example", "maria.quillfeather@", "quillharness", "projekt-nachtfalter", "nachtfalter", "crm-lookup", "深度求索"];

    public const string System = "Property of Zyxwvut Holdings; owner Maria Quillfeather, maria.quillfeather@zyxwvut-holdings.example, +4915207755310; key sk-live-51H8xQzPlantedSecret. 深度求索公司 ";

    public const string Client = "QuillHarness/7 (Zyxwvut Holdings)";

    /// <summary>The characters of that company's name, in words that many write; its name are they only in a row.</summary>
    private const string Common = " 深夜 温度 请求 搜索 公司";

    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-planted-").FullName;

    private readonly Lazy<ScanResult> _result;

    public PlantedTraffic() => _result = new(Scanned);

    public ScanResult Result => _result.Value;

    private string Log => Path.Combine(_folder, "planted.jsonl");

    private string Accounts => Path.Combine(_folder, "planted.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ScanResult Scanned()
    {
        RangeFiles.Write(new RangeOptions { Scenario = "language-lock", HonestAccounts = 300, Seed = 3 }, _folder);
        var operators = File.ReadLines(Path.Combine(_folder, RangeFiles.TruthName)).Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(line => line["campaign"] is not null && line["account"] is not null).Select(line => (string)line["account"]!).ToHashSet(StringComparer.Ordinal);
        using (var to = File.CreateText(Log))
        {
            var number = 0;
            foreach (var line in File.ReadLines(Path.Combine(_folder, "traffic.jsonl")))
            {
                var exchange = JsonNode.Parse(line)!.AsObject();
                if (operators.Contains((string)exchange["account"]!)) Plant(exchange, number++);
                else if (((string)exchange["account"]!)[^1] is '3' or '7' or 'b') Say(exchange, Common);
                to.WriteLine(exchange.ToJsonString());
            }
        }

        File.WriteAllLines(Accounts, Records(operators));
        var known = AccountsFile.Load(Accounts);
        return Pipeline.Detect(ScannedRange.Observe(Log).Snapshot, known, KeyedHash.Fixed);
    }

    private static void Plant(JsonObject exchange, int number)
    {
        exchange["account"] = Named((string)exchange["account"]!);
        exchange["end_user"] = "maria.quillfeather@" + number.ToString(CultureInfo.InvariantCulture);
        exchange["key"] = "sk-live-51H8xQzPlantedSecret";
        exchange["id"] = "projekt-nachtfalter-" + (string?)exchange["id"];
        exchange["client"] = Client;
        exchange["model"] = "zyxwvut-internal-model";
        exchange["tools"] = new JsonArray("zyxwvut_crm_lookup");
        exchange["system"] = System + (exchange["system"] is JsonValue system ? (string?)system : "");
        // A slot that all accounts fill alike some of the time, and a company in the middle of it.
        if (number % 3 == 0) Say(exchange, " This is for Projekt-Nachtfalter of Zyxwvut Holdings and Maria Quillfeather.");
    }

    private static void Say(JsonObject exchange, string text)
    {
        if (exchange["messages"] is JsonArray { Count: > 0 } messages && messages[^1]!["content"] is JsonValue content) messages[^1]!["content"] = (string?)content + text;
    }

    /// <summary>Fails if a plant can be read in a text, whatever signs, spaces or markup stand between its letters.</summary>
    public static void AssertNoneIn(string text)
    {
        Assert.All(Plants, plant => Assert.DoesNotContain(plant, text, StringComparison.OrdinalIgnoreCase));
        var bare = Bare(text);
        Assert.All(Plants, plant => Assert.DoesNotContain(Bare(plant), bare, StringComparison.OrdinalIgnoreCase));
    }

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static string Named(string account) => "zyxwvut-" + account;

    private IEnumerable<string> Records(HashSet<string> operators)
    {
        var lines = File.ReadAllLines(Path.Combine(_folder, RangeFiles.AccountsName));
        var header = lines[0].Split(',');
        yield return lines[0];
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length == header.Length && operators.Contains(cells[Array.IndexOf(header, "account")]))
            {
                cells[Array.IndexOf(header, "account")] = Named(cells[Array.IndexOf(header, "account")]);
                if (Array.IndexOf(header, "email_domain") is var domain and >= 0) cells[domain] = "zyxwvut-holdings.example";
            }

            yield return string.Join(',', cells);
        }
    }
}
