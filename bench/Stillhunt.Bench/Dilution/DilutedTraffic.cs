using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Proving;

namespace Stillhunt.Bench.Dilution;

/// <summary>
/// Traffic of the range in which operators' accounts send what honest customers send, and extract with the rest: each operator has the same number of accounts, and each account the same
/// number of exchanges, whatever the share of cover. The cover of an account is the traffic of one honest account, which is there no more under its own name. Nothing is left but what an
/// exchange itself holds: addresses, clients, organisations, keys, end users and handles are taken away, and there is no accounts file.
/// </summary>
internal sealed class DilutedTraffic
{
    /// <summary>Heavy honest accounts whose exchanges are what a two-sample test compares with, and those that are tested for false alarms.</summary>
    private const int ReferenceAccounts = 100, TestedAccounts = 200;

    /// <summary>A customer of a kind is tested beside others of the kind from so many exchanges on.</summary>
    private const int LeastOfKind = 8;

    private static readonly string[] Infrastructure =
        ["account", "organization", "key", "end_user", "pathway", "ip", "asn", "asn_org", "country", "client", "tls", "headers", "reasoning_ref"];

    private readonly Dictionary<string, List<string>> _honest = new(StringComparer.Ordinal);
    private readonly List<Case> _cases = [];
    private readonly int _accounts, _exchanges;

    /// <param name="folder">What <c>range make --exchanges --out</c> wrote.</param>
    /// <param name="accounts">Of each operator; those with fewer accounts that extract so often are left out.</param>
    /// <param name="exchanges">Of each account at most; of the operators' exactly.</param>
    /// <param name="isSpread">Whether each exchange of cover is some honest account's, drawn by chance, and not all of an account's one honest account's: no customer sends like that, but it leaves a two-sample test the least to be misled by.</param>
    /// <param name="seed">Who is cover, reference and tested, and which exchanges are kept.</param>
    public DilutedTraffic(string folder, int accounts, int exchanges, bool isSpread, int seed)
    {
        (_accounts, _exchanges) = (accounts, exchanges);
        var dice = new Random(seed);
        var truth = File.ReadLines(Path.Combine(folder, RangeFiles.TruthName)).Skip(1).Select(line => JsonNode.Parse(line)!).ToList();
        var extracting = truth.Where(row => row["exchange"] is not null).Select(row => (string)row["exchange"]!).ToHashSet(StringComparer.Ordinal);
        if (extracting.Count == 0) throw new InvalidDataException($"{folder}/{RangeFiles.TruthName} lists no extracting exchange: make the traffic with --exchanges.");
        var kinds = truth.Where(row => row["kind"] is not null && row["tenant_of"] is null).ToDictionary(row => (string)row["account"]!, row => (Kind: (string)row["kind"]!, Case: (string?)row["campaign"]), StringComparer.Ordinal);
        var traffic = Path.Combine(folder, RangeFiles.TrafficName(new RangeOptions()));

        var own = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(traffic))
        {
            using var exchange = JsonDocument.Parse(line);
            var (id, account) = (exchange.RootElement.GetProperty("id").GetString()!, exchange.RootElement.GetProperty("account").GetString()!);
            if (kinds[account].Case is not null && !extracting.Contains(id)) continue;
            if (!own.TryGetValue(account, out var ids)) own.Add(account, ids = []);
            ids.Add(id);
        }

        foreach (var ids in own.Values) Shuffle(ids, dice);
        var honest = own.Where(pair => kinds[pair.Key].Case is null).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
        // Who distils under a licence does all that an operator does: only the accounts file tells.
        var heavy = honest.Where(account => own[account].Count >= exchanges && kinds[account].Kind != "licensed").ToList();
        Shuffle(heavy, dice);
        var cases = own.Where(pair => kinds[pair.Key].Case is not null && pair.Value.Count >= exchanges).GroupBy(pair => kinds[pair.Key].Case!).Where(group => group.Count() >= accounts)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (heavy.Count < ReferenceAccounts + TestedAccounts + (cases.Count * accounts))
            throw new InvalidDataException($"{folder} has {heavy.Count} honest accounts of {exchanges} exchanges or more, and {ReferenceAccounts + TestedAccounts + (cases.Count * accounts)} are needed: make it with more --honest.");
        Reference = heavy[..ReferenceAccounts];
        Tested = heavy[ReferenceAccounts..(ReferenceAccounts + TestedAccounts)];
        var next = ReferenceAccounts + TestedAccounts;
        foreach (var group in cases)
        {
            var workers = group.Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
            Shuffle(workers, dice);
            workers = workers[..accounts];
            var covers = heavy[next..(next += accounts)];
            List<(int Worker, string Exchange)> dealt = [.. workers.SelectMany((worker, w) => own[worker].Take(exchanges).Select(id => (w, id)))];
            Shuffle(dealt, dice);
            _cases.Add(new Case(group.Key, workers, dealt, [.. covers.Select(cover => own[cover][..exchanges])]));
            foreach (var cover in covers) own.Remove(cover);
        }

        if (isSpread)
        {
            Spread(dice);
            // Whose chance it is to be in the reference is the noise of this comparison: all who are left are in it.
            Reference = [.. Reference, .. heavy[next..]];
        }

        foreach (var account in honest)
            if (own.TryGetValue(account, out var ids)) _honest.Add(account, ids[..Math.Min(exchanges, ids.Count)]);
        var apart = Reference.ToHashSet(StringComparer.Ordinal);
        Kinds = [.. _honest.Where(pair => pair.Value.Count >= LeastOfKind && !apart.Contains(pair.Key) && kinds[pair.Key].Kind != "licensed").GroupBy(pair => kinds[pair.Key].Kind, pair => pair.Key)
            .Where(group => group.Count() >= accounts).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Order(StringComparer.Ordinal)]))];
        Keep(traffic);
    }

    /// <summary>The operators that have accounts and exchanges enough, each with its accounts.</summary>
    public IEnumerable<(string Case, IReadOnlyList<string> Accounts)> Cases => _cases.Select(own => (own.Name, own.Workers));

    /// <summary>Honest accounts that nothing is measured of: what is usual.</summary>
    public IReadOnlyList<string> Reference { get; }

    /// <summary>Honest accounts with as many exchanges as an operator's, drawn by chance from all kinds.</summary>
    public IReadOnlyList<string> Tested { get; }

    /// <summary>Honest accounts of one kind each, reference left out.</summary>
    public IReadOnlyList<(string Kind, IReadOnlyList<string> Accounts)> Kinds { get; }

    /// <summary>Writes the traffic, native, in no order of time.</summary>
    /// <param name="cover">Share of each operator's exchanges that is cover.</param>
    /// <returns>Accounts of operators that still extract at all.</returns>
    public IReadOnlySet<string> Write(string path, double cover)
    {
        using var to = new StreamWriter(path, false, new UTF8Encoding(false));
        foreach (var (account, ids) in _honest)
            foreach (var id in ids) Put(account, id);
        var extract = new HashSet<string>(StringComparer.Ordinal);
        foreach (var own in _cases)
        {
            var sent = new int[_accounts];
            foreach (var (worker, id) in own.Dealt.Take((int)Math.Round(own.Dealt.Count * (1 - cover))))
            {
                sent[worker]++;
                extract.Add(own.Workers[worker]);
                Put(own.Workers[worker], id);
            }

            for (var w = 0; w < _accounts; w++)
                foreach (var id in own.Covers[w].Take(_exchanges - sent[w])) Put(own.Workers[w], id);
        }

        return extract;

        // What is kept of a line has no account: that is what changes.
        void Put(string account, string id) => to.WriteLine($"{{\"account\":\"{account}\",{_lines[id].AsSpan(1)}");
    }

    /// <summary>Deals the cover of all operators out anew, by chance.</summary>
    private void Spread(Random dice)
    {
        var all = _cases.SelectMany(own => own.Covers.SelectMany(ids => ids)).ToList();
        Shuffle(all, dice);
        var next = 0;
        for (var c = 0; c < _cases.Count; c++) _cases[c] = _cases[c] with { Covers = [.. _cases[c].Covers.Select(ids => (IReadOnlyList<string>)all[next..(next += ids.Count)])] };
    }

    private readonly Dictionary<string, string> _lines = new(StringComparer.Ordinal);

    private void Keep(string traffic)
    {
        var kept = _honest.Values.SelectMany(ids => ids).Concat(_cases.SelectMany(own => own.Dealt.Select(exchange => exchange.Exchange).Concat(own.Covers.SelectMany(ids => ids)))).ToHashSet(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(traffic))
        {
            var exchange = JsonNode.Parse(line)!.AsObject();
            var id = (string)exchange["id"]!;
            if (!kept.Contains(id)) continue;
            foreach (var field in Infrastructure) exchange.Remove(field);
            _lines.Add(id, exchange.ToJsonString());
        }
    }

    private static void Shuffle<T>(List<T> list, Random dice)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var other = dice.Next(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }

    /// <param name="Dealt">What all its accounts extracted, in an order of chance: of any length from the front, that much of it.</param>
    /// <param name="Covers">For each account the exchanges of an honest one.</param>
    private sealed record Case(string Name, IReadOnlyList<string> Workers, IReadOnlyList<(int Worker, string Exchange)> Dealt, IReadOnlyList<IReadOnlyList<string>> Covers);
}
