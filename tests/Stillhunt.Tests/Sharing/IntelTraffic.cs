using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Sharing;

/// <summary>Traffic of a second provider, with another key, in which the indicators of the first are looked for.</summary>
internal sealed class IntelTraffic
{
    public static readonly DateTimeOffset Start = ExportSample.Now.AddDays(-1);

    private readonly Exchange _exchange = new();
    private readonly IntelScan _scan;
    private readonly Dictionary<string, AccountRecord> _records = [];
    private long _line;

    public IntelTraffic(IntelStore store, IntelOptions? options = null)
    {
        var observer = new Observer(new KeyedHash(0x123456789ABCDEF), TextClassifier.Shipped, _ => "second");
        _scan = new IntelScan(observer, _ => "second", store, options ?? Options());
    }

    public static IntelOptions Options(GroupEpoch? epoch = null) => new() { Now = ExportSample.Now, Key = new GroupKey("lab-exchange", [epoch ?? ExportSample.Epoch]) };

    /// <summary>What the first provider exported, imported under its name.</summary>
    public static IntelStore Store(JsonObject? bundle = null, string sender = "First Lab", double trust = 1, IntelStore? into = null)
    {
        var store = into ?? new IntelStore();
        var import = store.Add(bundle ?? ExportSample.Export(ExportSample.Result()), sender, trust);
        Assert.Empty(import.Refused);
        return store;
    }

    /// <summary>Customers who ask for other things.</summary>
    public IntelTraffic Crowd(int accounts = 400)
    {
        for (var i = 0; i < accounts; i++) Send($"honest-{i}", $"Where can I buy {Laws.MadeTraffic.Words(new Random(i), 12)} tomorrow?");
        return this;
    }

    /// <summary>A conversation: turns of the user, and the answers between them.</summary>
    public IntelTraffic Talk(string account, params string[] turns)
    {
        _exchange.Clear();
        _exchange.TimeMs = Start.ToUnixTimeMilliseconds();
        Set(ExchangeField.Id, "e" + Laws.MadeTraffic.Number(_line));
        Set(ExchangeField.Account, account);
        foreach (var (turn, at) in turns.Select((turn, at) => (turn, at)))
        {
            if (at > 0) _exchange.AddPart(PartRole.Assistant, "I see."u8.ToArray());
            _exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(turn));
        }

        _scan.Accept(_exchange, new LogPosition(0, ++_line));
        return this;
    }

    public IntelTraffic Send(string account, string prompt, string? id = null, string? system = null, string? ip = null, string? asn = null, string? client = null, string? tls = null, TimeSpan after = default)
    {
        _exchange.Clear();
        _exchange.TimeMs = (Start + after).ToUnixTimeMilliseconds();
        Set(ExchangeField.Id, id ?? "e" + Laws.MadeTraffic.Number(_line));
        Set(ExchangeField.Account, account);
        Set(ExchangeField.Ip, ip);
        Set(ExchangeField.Asn, asn);
        Set(ExchangeField.Client, client);
        Set(ExchangeField.Tls, tls);
        if (system is not null) _exchange.AddPart(PartRole.System, Encoding.UTF8.GetBytes(system));
        _exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(prompt));
        _scan.Accept(_exchange, new LogPosition(0, ++_line));
        return this;
    }

    public IntelTraffic Know(AccountRecord record)
    {
        _records[record.Account] = record;
        return this;
    }

    /// <param name="flagged">Accounts that the second provider's own detection flags.</param>
    public IntelResult Finish(params string[] flagged) => _scan.Finish(ExportSample.Result() with
    {
        Campaigns = flagged.Length == 0 ? [] : [ExportSample.Campaign() with { Accounts = [.. flagged.Select(id => new CampaignAccount { Id = id, Source = "second", Probability = 0.9, ExchangeCount = 1, ExtractingCount = 1 })] }],
    }, id => _records.GetValueOrDefault(id.Id));

    private void Set(ExchangeField field, string? text)
    {
        if (text is not null) _exchange.Set(field, Encoding.UTF8.GetBytes(text));
    }
}
