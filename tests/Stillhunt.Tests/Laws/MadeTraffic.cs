using System.Globalization;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

/// <summary>Feeds an observer without any JSON, for tests that need exchanges and no log.</summary>
internal sealed class MadeTraffic
{
    public const long Start = 1_772_409_600_000; // 2026-03-02T00:00:00Z

    private readonly Exchange _exchange = new();
    private readonly Observer _observer;
    private long _line;

    public MadeTraffic(params string[] sources)
    {
        _observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, file => file < sources.Length ? sources[file] : "default");
    }

    /// <param name="sampleCap">Exchanges that the sample of an account and day holds at most, to begin with.</param>
    public MadeTraffic(int sampleCap)
    {
        _observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, _ => "default", Snapshot.MostSampled, sampleCap);
    }

    public MadeTraffic Send(string account, string? prompt, string? id = null, long ms = 0, string? ip = null, string? system = null,
        int file = 0, string? client = null, string? organization = null, int? outputTokens = null, string? handle = null, int? status = null, string? stop = null,
        string? endUser = null, string? key = null, string? conversation = null, string? model = null)
    {
        _exchange.Clear();
        _exchange.TimeMs = Start + ms;
        _exchange.OutputTokens = outputTokens;
        _exchange.Status = status;
        Set(ExchangeField.Id, id);
        Set(ExchangeField.Account, account);
        Set(ExchangeField.Ip, ip);
        Set(ExchangeField.Client, client);
        Set(ExchangeField.Organization, organization);
        Set(ExchangeField.ReasoningRef, handle);
        Set(ExchangeField.Stop, stop);
        Set(ExchangeField.EndUser, endUser);
        Set(ExchangeField.Key, key);
        Set(ExchangeField.Conversation, conversation);
        Set(ExchangeField.Model, model);
        if (system is not null) _exchange.AddPart(PartRole.System, Encoding.UTF8.GetBytes(system));
        if (prompt is not null) _exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(prompt));
        _observer.Accept(_exchange, new LogPosition(file, ++_line));
        return this;
    }

    public Snapshot Finish() => _observer.Finish(Shard.Whole);

    /// <summary>
    /// Three exchanges an account from one address: words of its own between sentences that thousands use, one pair of them or, of each of
    /// several tellers, some to choose from.
    /// </summary>
    public static MadeTraffic Crowd(int accounts, int tellers = 1)
    {
        var (traffic, random) = (new MadeTraffic(), new Random(7));
        var choices = tellers == 1 ? 1 : 4;
        var sentences = Enumerable.Range(0, 2 * tellers * choices).Select(_ => Words(random, 9)).ToArray();
        for (var i = 0; i < 3 * accounts; i++)
        {
            var account = i % accounts;
            int Choose() => (account % tellers * choices) + random.Next(choices);
            traffic.Send("acct-" + Number(account),
                $"{sentences[2 * Choose()]}: {Words(random, 8)}. {sentences[(2 * Choose()) + 1]}.",
                id: Number(i), ms: i * 1000L, ip: "203.0.113.7", client: "shop/1.0");
        }

        return traffic;
    }

    /// <summary>Made-up words, so that nothing is shared by accident.</summary>
    public static string Words(Random random, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(' ');
            for (var letter = random.Next(3, 9); letter > 0; letter--) text.Append((char)('a' + random.Next(26)));
        }

        return text.ToString();
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Set(ExchangeField field, string? text)
    {
        if (text is not null) _exchange.Set(field, Encoding.UTF8.GetBytes(text));
    }
}
