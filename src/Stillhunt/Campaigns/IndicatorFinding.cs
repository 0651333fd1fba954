using Stillhunt.Linking;
using Stillhunt.Profiles;

namespace Stillhunt.Campaigns;

/// <summary>Fills <see cref="Campaign.Indicators"/> of every campaign that is reported.</summary>
internal sealed class IndicatorFinding(Traffic traffic, Snapshot snapshot, IReadOnlySet<string> leftOut, Shares shares)
{
    private const int MostValues = 400;

    /// <summary>
    /// A value that more owners outside hold than accounts inside is a crowd's: a carrier's address, a popular client. Acting on it elsewhere would
    /// hit the crowd.
    /// </summary>
    private const double MostElsewhere = 1;

    /// <summary>Nor is what one owner in a hundred of all holds anybody's own, however many of the campaign hold it: a large access provider.</summary>
    private const double MostShareElsewhere = 0.01;

    public List<Judgement> Add(List<Judgement> judged)
    {
        if (judged.Count == 0) return judged;
        var members = judged.Select(j => MembersOf(j)).ToList();
        var owners = new UnlinkedOwners(traffic, members.Select(set => (IReadOnlyList<int>)[.. set.Order()]));
        List<PhraseGroup> groups = [.. judged.Select((j, at) => new PhraseGroup(members[at], j.Cluster.Extracting, [.. j.Campaign.Families.Select(family => family.Skeleton)], j.Campaign.Confidence >= Detector.Flagged && !Lookalikes.IsEntitled(traffic, j.Cluster)))];
        var finding = new PhraseFinding(traffic, owners, groups, shares);
        List<IReadOnlyList<ObservedValue>> values = [];
        // Each looks through all that was sampled.
        shares.Each(2, part =>
        {
            if (part == 0) finding.CountEverybody();
            else values = ValuesOf(judged, members, new ClientWords(traffic, Name, owners));
        });
        var phrases = finding.Find();
        return [.. judged.Select((j, at) => j with
        {
            Campaign = j.Campaign with { Indicators = new CampaignIndicators { Values = values[at], Phrases = phrases[at].Phrases, LeastPhrases = phrases[at].Match?.Least, MatchingAccountCount = phrases[at].Match?.Accounts, MatchingElsewhereCount = phrases[at].Match?.Elsewhere, Words = phrases[at].Words, Hours = Hours(j.Cluster.Extracting.Where(i => members[at].Contains(traffic.SubjectOf[i]))) } },
        })];
    }

    private double[] Hours(IEnumerable<int> exchanges)
    {
        var hours = new double[24];
        foreach (var i in exchanges) hours[traffic.Exchanges[i].TimeMs / 3_600_000 % 24] += traffic.Weights[i];
        var total = hours.Sum();
        return total == 0 ? [] : [.. hours.Select(hour => Math.Round(hour / total, 3, MidpointRounding.AwayFromZero))];
    }

    private HashSet<int> MembersOf(Judgement judgement)
    {
        // As the campaign lists them: an account's id alone does not tell a tenant from the rest of the account.
        var listed = judgement.Accounts;
        return [.. judgement.Cluster.Extracting.Select(i => traffic.SubjectOf[i]).Where(listed.Contains)];
    }

    private List<IReadOnlyList<ObservedValue>> ValuesOf(List<Judgement> judged, List<HashSet<int>> members, ClientWords clients)
    {
        var found = new List<Dictionary<(string Kind, string Value), Seen>>();
        for (var g = 0; g < judged.Count; g++)
        {
            // Much is shown again and again: it is written out once.
            var shown = new Dictionary<(Field, ulong), Seen>();
            var own = new Dictionary<(string, string), Seen>();
            foreach (var i in judged[g].Cluster.Extracting)
            {
                var subject = traffic.SubjectOf[i];
                // Addresses and clients of a tenant are those of the servers that he goes through, and other customers' as well.
                if (!members[g].Contains(subject) || traffic.Subjects[subject].IsTenant) continue;
                foreach (var field in Fields) At(shown, (field, Raw(traffic.Exchanges[i], field))).Add(subject, traffic.Exchanges[i].TimeMs, traffic.Weights[i]);
            }

            foreach (var ((field, raw), seen) in shown)
                if (ValueOf(field, raw) is { } value) At(own, value).Absorb(seen);
            foreach (var subject in members[g])
                foreach (var value in ValuesOf(traffic.Subjects[subject])) At(own, value).Add(subject, traffic.Subjects[subject].FirstMs, 0);
            found.Add(own.Where(pair => pair.Value.Accounts.Count >= 2 && !leftOut.Contains(pair.Key.Item1)).ToDictionary());
        }

        CountElsewhere(found, members);
        return [.. found.Select(own => (IReadOnlyList<ObservedValue>)[.. own.Where(pair => IsRare(pair.Value))
            .OrderByDescending(pair => pair.Value.Accounts.Count).ThenBy(pair => pair.Key.Kind, StringComparer.Ordinal).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .Take(MostValues).Select(pair => pair.Value.Write(pair.Key) with { WordOwners = pair.Key.Kind == "client" ? clients.Owners(pair.Key.Value) : null })])];
    }

    private void CountElsewhere(List<Dictionary<(string Kind, string Value), Seen>> found, List<HashSet<int>> members)
    {
        var wanted = found.SelectMany((own, g) => own.Select(pair => (pair.Key, Group: g, pair.Value))).ToLookup(entry => entry.Key, entry => (entry.Group, Seen: entry.Value));
        // Few of what accounts show is wanted.
        var known = new Dictionary<(Field, ulong), (int Group, Seen Seen)[]>();
        var shown = new HashSet<(Field, ulong)>();
        for (var s = 0; s < traffic.Subjects.Count; s++)
        {
            var subject = traffic.Subjects[s];
            shown.Clear();
            for (var i = subject.First; i < subject.End; i++)
                foreach (var field in Fields) shown.Add((field, Raw(traffic.Exchanges[i], field)));
            foreach (var (field, raw) in shown)
            {
                if (!known.TryGetValue((field, raw), out var places)) known.Add((field, raw), places = ValueOf(field, raw) is { } value ? [.. wanted[value]] : []);
                Add(places, s, subject.Owner);
            }

            foreach (var value in ValuesOf(subject)) Add(wanted[value], s, subject.Owner);
        }

        void Add(IEnumerable<(int Group, Seen Seen)> places, int subject, int owner)
        {
            foreach (var (group, seen) in places)
                if (!members[group].Contains(subject)) seen.Elsewhere.Add(owner);
        }
    }

    /// <summary>What a request shows of where it comes from.</summary>
    private enum Field { Ip, Network, Asn, Client, Tls }

    private static readonly Field[] Fields = Enum.GetValues<Field>();

    private static ulong Raw(Fingerprinting.ExchangeFingerprint exchange, Field field) => field switch
    {
        Field.Ip => exchange.Ip,
        Field.Network => IpNames.NetworkOf(exchange.Ip),
        Field.Asn => exchange.Asn,
        Field.Client => exchange.Client,
        _ => exchange.Tls,
    };

    /// <summary>Written out; null where it is unknown. Long names that begin alike are written alike.</summary>
    private (string Kind, string Value)? ValueOf(Field field, ulong raw) => field switch
    {
        Field.Ip => IpNames.Of(raw),
        Field.Network => IpNames.OfNetwork(raw),
        _ => Name((uint)raw) is { } name ? (field.ToString().ToLowerInvariant(), name) : null,
    };

    private bool IsRare(Seen seen) =>
        seen.Elsewhere.Count <= MostElsewhere * seen.Accounts.Count && seen.Elsewhere.Count <= Math.Max(1, MostShareElsewhere * traffic.OwnerCount);

    private static Seen At<TKey>(Dictionary<TKey, Seen> own, TKey key)
        where TKey : notnull
    {
        if (!own.TryGetValue(key, out var seen)) own.Add(key, seen = new Seen());
        return seen;
    }

    private static IEnumerable<(string Kind, string Value)> ValuesOf(Subject subject)
    {
        if (!string.IsNullOrEmpty(subject.Record?.EmailDomain)) yield return ("email-domain", subject.Record.EmailDomain);
        if (!string.IsNullOrEmpty(subject.Record?.Payment)) yield return ("payment", subject.Record.Payment);
    }

    private string? Name(uint value) => value == 0 ? null : snapshot.Names.GetValueOrDefault(value);

    private sealed class Seen
    {
        private long _first = long.MaxValue, _last = long.MinValue;
        private double _weight;

        public HashSet<int> Accounts { get; } = [];
        public HashSet<int> Elsewhere { get; } = [];

        public void Add(int account, long ms, double weight)
        {
            Accounts.Add(account);
            _first = Math.Min(_first, ms);
            _last = Math.Max(_last, ms);
            _weight += weight;
        }

        public void Absorb(Seen other)
        {
            Accounts.UnionWith(other.Accounts);
            _first = Math.Min(_first, other._first);
            _last = Math.Max(_last, other._last);
            _weight += other._weight;
        }

        public ObservedValue Write((string Kind, string Value) value) => new()
        {
            Kind = value.Kind, Value = value.Value, AccountCount = Accounts.Count, ElsewhereCount = Elsewhere.Count,
            ExchangeCount = _weight == 0 ? null : (long)Math.Round(_weight, MidpointRounding.AwayFromZero),
            First = CampaignBuilder.Time(_first), Last = CampaignBuilder.Time(_last),
        };
    }
}
