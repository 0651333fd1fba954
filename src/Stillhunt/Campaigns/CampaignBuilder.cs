using System.Globalization;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>A cluster and its evidence, written down as a campaign: counts scaled up from the sample, names in clear text.</summary>
internal sealed class CampaignBuilder(Traffic traffic, Snapshot snapshot, FamilyIndex index, SharedValues values, ReplayedHandles replayed, KeyedHash hash)
{
    private Lazy<MemberMeans> _means = new(() => new MemberMeans(traffic, values, hash));

    /// <summary>The same for groups that the other half has formed.</summary>
    public CampaignBuilder Turned(FamilyIndex index) => new(traffic, snapshot, index, values, replayed, hash) { _means = _means };

    private const int MostFamilies = 12, MostShared = 24, MostHolders = 400;

    /// <summary>What choosing among groups needs: accounts, counts and evidence. The rest is written by <see cref="Describe"/> for those that may be reported.</summary>
    public Campaign Build(Cluster cluster, List<EvidenceRow> rows) => Build(cluster, rows, new Dictionary<int, double>());

    /// <param name="means">By account, what its means add to its probability, in bits.</param>
    private Campaign Build(Cluster cluster, List<EvidenceRow> rows, IReadOnlyDictionary<int, double> means)
    {
        var bits = EvidenceRows.Round(rows.Sum(row => row.Bits));
        var work = OwnWork(cluster);
        var probability = cluster.Members.Zip(cluster.Probabilities).ToDictionary();
        var accounts = work.ConvertAll(own => Account(own.Subject, probability[own.Subject], means.GetValueOrDefault(own.Subject), own.Extracting));
        var extracting = work.SelectMany(own => own.Extracting);
        return new Campaign
        {
            Id = Id(work.Select(own => traffic.Subjects[own.Subject].Key)),
            Confidence = Calibration.Confidence(bits),
            Bits = bits,
            First = Time(extracting.Min(i => traffic.Exchanges[i].TimeMs)),
            Last = Time(extracting.Max(i => traffic.Exchanges[i].TimeMs)),
            ExchangeCount = accounts.Sum(account => account.ExchangeCount),
            ExtractingCount = accounts.Sum(account => account.ExtractingCount),
            Accounts = accounts,
            Techniques = [],
            Capabilities = [],
            Models = [],
            Families = [],
            Exposure = Exposure([]),
            Evidence = rows,
            Days = [],
            Shared = [],
        };
    }

    /// <summary>The campaign with what a person wants to know of it: techniques, capabilities, models, skeletons, days, exposure, and what its accounts share; its accounts with the probabilities that they have once their means are looked at, too (<see cref="MemberMeans"/>).</summary>
    public Campaign Describe(Campaign campaign, Cluster found, out IReadOnlySet<int> listed)
    {
        var cluster = _means.Value.Fitted(found, out var said);
        var work = OwnWork(cluster);
        listed = work.Select(own => own.Subject).ToHashSet();
        var extracting = work.SelectMany(own => own.Extracting).Order().ToList();
        var total = Math.Max(1, Weight(extracting));
        return Build(cluster, [.. campaign.Evidence], said) with
        {
            Confidence = campaign.Confidence,
            Bits = campaign.Bits,
            Techniques = Techniques(cluster, extracting, total),
            Capabilities = [.. Enumerable.Range(0, TechniqueIds.CapabilityCount)
                .Select(c => (Id: ((Capability)c).Id(), Share: Weight(extracting.Where(i => traffic.Exchanges[i].Scores.Takes((Capability)c))) / total))
                .Where(c => c.Share > 0).OrderByDescending(c => c.Share).Select(c => new Share { Id = c.Id, Value = AccessReport.Round(c.Share) })],
            Models = [.. extracting.GroupBy(i => Name(traffic.Exchanges[i].Model)).Select(g => (g.Key, Share: Weight(g) / total)).OrderByDescending(m => m.Share)
                .ThenBy(m => m.Key, StringComparer.Ordinal).Select(m => new Share { Id = m.Key, Value = AccessReport.Round(m.Share) })],
            Families = Families(extracting),
            Exposure = Exposure(extracting),
            Days = [.. extracting.GroupBy(i => (int)(traffic.Exchanges[i].TimeMs / 86_400_000)).OrderBy(g => g.Key).Select(g => new CampaignDay
            {
                Day = AccessReport.Day(g.Key), ExtractingCount = Count(g), AccountCount = g.Select(i => traffic.SubjectOf[i]).Distinct().Count(),
            })],
            Shared = SharedValues(work.ConvertAll(own => own.Subject)),
        };
    }

    /// <summary>The accounts that belong, in the order in which a campaign lists them (what it says of shared values refers to it), each with its exchanges that are the operator's.</summary>
    private List<(int Subject, List<int> Extracting)> OwnWork(Cluster cluster)
    {
        var belong = Enumerable.Range(0, cluster.Members.Count).Where(m => cluster.Probabilities[m] >= Detector.Flagged).Select(m => cluster.Members[m]).ToHashSet();
        return [.. cluster.Extracting.Where(i => belong.Contains(traffic.SubjectOf[i])).GroupBy(i => traffic.SubjectOf[i]).Select(own => (Subject: own.Key, Extracting: own.ToList()))
            .OrderByDescending(own => Count(own.Extracting)).ThenBy(own => traffic.Subjects[own.Subject].Profile.Id.Source, StringComparer.Ordinal)
            .ThenBy(own => traffic.Subjects[own.Subject].Profile.Id.Id, StringComparer.Ordinal).ThenBy(own => traffic.Subjects[own.Subject].Key)];
    }

    public string? ExampleId(int exchange) => traffic.Exchanges[exchange].IdText is { } id ? Encoding.UTF8.GetString(id) : null;

    internal static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private CampaignAccount Account(int subject, double probability, double means, List<int> extracting)
    {
        var s = traffic.Subjects[subject];
        return new CampaignAccount
        {
            Id = s.Profile.Id.Id,
            Source = s.Profile.Id.Source,
            EndUser = MemberNames.EndUserOf(traffic, subject, extracting),
            Key = MemberNames.KeyOf(traffic, extracting),
            Probability = Math.Round(probability, 4, MidpointRounding.AwayFromZero),
            MeansBits = EvidenceRows.Round(means) is var bits && bits == 0 ? null : bits,
            ExchangeCount = s.ExchangeCount,
            ExtractingCount = Math.Min(s.ExchangeCount, Count(extracting)),
        };
    }

    private List<Share> Techniques(Cluster cluster, List<int> extracting, double total)
    {
        var shares = new List<(Technique Technique, double Share)>();
        for (var t = 0; t < TechniqueIds.LearnedCount; t++)
            shares.Add(((Technique)t, Weight(extracting.Where(i => traffic.Exchanges[i].Scores[(Technique)t] >= ExchangeScoring.Even)) / total));
        shares.Add((Technique.ParameterHarvest, Weight(extracting.Where(i => Parameters(traffic.Exchanges[i]))) / total));
        shares.Add((Technique.HandleReplay, Weight(extracting.Where(i => replayed.Contains(traffic.Exchanges[i].ReasoningRef))) / total));
        shares.Add((Technique.WrapperHarvest, Weight(Wrapped(extracting)) / total));
        shares.Add((Technique.TechniqueSearch, Weight(WordingSearch.Trials(traffic, index.Postings, cluster, extracting)) / total));
        return [.. shares.Where(s => s.Share >= 0.005).OrderByDescending(s => s.Share).ThenBy(s => s.Technique)
            .Select(s => new Share { Id = s.Technique.Id(), Value = AccessReport.Round(s.Share) })];
    }

    /// <summary>Several answers to one prompt, probabilities of tokens, or an output that met its limit.</summary>
    private static bool Parameters(ExchangeFingerprint e) =>
        e.Choices > 1 || e.Logprobs || (e.MaxTokens > 0 && e.OutputTokens >= e.MaxTokens);

    /// <summary>Exchanges whose system prompt is one of a few while the user turn is new each time.</summary>
    private IEnumerable<int> Wrapped(List<int> extracting)
    {
        foreach (var group in extracting.Where(i => traffic.Exchanges[i].System != 0).GroupBy(i => traffic.Exchanges[i].System))
        {
            var turns = group.Select(i => traffic.Exchanges[i].User).Distinct().Count();
            if (group.Count() >= 20 && turns >= 0.8 * group.Count())
                foreach (var i in group) yield return i;
        }
    }

    private List<CampaignFamily> Families(List<int> extracting)
    {
        var own = new SortedDictionary<int, List<int>>();
        foreach (var i in extracting)
        {
            foreach (var family in index.Cut.Of(i))
            {
                if (!own.TryGetValue(family.Number, out var exchanges)) own.Add(family.Number, exchanges = []);
                exchanges.Add(i);
            }
        }

        return [.. own.Select(pair => (family: index.Cut.Families[pair.Key], own: pair.Value))
            .Where(pair => pair.own.Count >= Math.Max(3, 0.02 * extracting.Count))
            .OrderByDescending(pair => pair.own.Count).ThenBy(pair => pair.family.Number).Take(MostFamilies)
            .Select(pair => new CampaignFamily
            {
                Id = FamilyId(pair.family), Skeleton = Skeletons.Of(traffic, pair.own, hash), ExchangeCount = Count(pair.own),
            })
            .Where(family => family.Skeleton != Skeletons.Slot)];
    }

    private string FamilyId(Family family)
    {
        var units = family.Units.ToHashSet();
        ulong sum = 0;
        foreach (var (print, unit) in index.Units.UnitOf)
            if (units.Contains(unit)) sum += hash.Of(print, 11);
        return "f-" + ((uint)(sum >> 32)).ToString("x8", CultureInfo.InvariantCulture);
    }

    private Exposure Exposure(List<int> extracting)
    {
        var answered = extracting.Where(i => traffic.Exchanges[i].Answered).ToList();
        return new Exposure
        {
            OutputTokens = Tokens(answered, e => e.OutputTokens),
            ReasoningTokens = Tokens(answered, e => e.ReasoningTokens),
            ByCapability = Enumerable.Range(0, TechniqueIds.CapabilityCount)
                .Select(c => (Id: ((Capability)c).Id(), Count: Count(answered.Where(i => traffic.Exchanges[i].Scores.Takes((Capability)c)))))
                .Where(c => c.Count > 0).ToDictionary(c => c.Id, c => c.Count),
            ByModel = answered.GroupBy(i => Name(traffic.Exchanges[i].Model)).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, Count),
        };
    }

    private long? Tokens(List<int> answered, Func<ExchangeFingerprint, int> tokens)
    {
        var known = answered.Where(i => tokens(traffic.Exchanges[i]) >= 0).ToList();
        return known.Count == 0 ? null : (long)Math.Round(known.Sum(i => traffic.Weights[i] * tokens(traffic.Exchanges[i])));
    }

    private List<SharedValue> SharedValues(List<int> members)
    {
        var position = members.Select((subject, at) => (subject, at)).ToDictionary(pair => pair.subject, pair => pair.at);
        var shared = new List<(double Bits, SharedValue Value)>();
        foreach (var kind in Enum.GetValues<ValueKind>())
        {
            var group = GroupLikelihood.Of(values, kind, members);
            var number = 0;
            foreach (var (value, count) in group.Values.Take(MostShared))
            {
                number++;
                var holders = members.Where(m => values.Of(m, kind).Contains(value)).ToList();
                shared.Add((group.Bits / group.Values.Count * count, new SharedValue
                {
                    Kind = kind.Id(), Label = Label(kind, value, number), AccountCount = holders.Count,
                    Accounts = [.. holders.Select(h => position[h]).Order().Take(MostHolders)],
                }));
            }
        }

        return [.. shared.OrderByDescending(s => s.Bits).ThenBy(s => s.Value.Kind, StringComparer.Ordinal).ThenBy(s => s.Value.Label, StringComparer.Ordinal).Take(MostShared).Select(s => s.Value)];
    }

    private string Label(ValueKind kind, ulong value, int number) => kind switch
    {
        ValueKind.Ip when value <= uint.MaxValue => IpNames.Text((uint)value),
        ValueKind.Network when value <= uint.MaxValue >> 8 => IpNames.Network((uint)value << 8),
        ValueKind.Created => "created " + DateTimeOffset.UnixEpoch.AddHours((double)value - 1).ToString("yyyy-MM-dd HH'h'", CultureInfo.InvariantCulture),
        ValueKind.Asn or ValueKind.Client or ValueKind.Tls when snapshot.Names.TryGetValue((uint)value, out var name) => name,
        _ => string.Create(CultureInfo.InvariantCulture, $"{kind.Id()} {number}"),
    };

    private string Name(uint value) => value == 0 ? "unknown" : snapshot.Names.GetValueOrDefault(value, "unknown");

    private string Id(IEnumerable<ulong> keys)
    {
        // A sum of hashes: the same accounts give the same id in whatever order.
        ulong sum = 0;
        foreach (var key in keys) sum += hash.Of(key, 7);
        return "c-" + hash.Of(sum, 13).ToString("x16", CultureInfo.InvariantCulture)[..10];
    }

    private double Weight(IEnumerable<int> exchanges) => exchanges.Sum(i => traffic.Weights[i]);

    private long Count(IEnumerable<int> exchanges) => (long)Math.Round(Weight(exchanges), MidpointRounding.AwayFromZero);
}
