using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>
/// How the means of an account - its registration, network and client - fit those of the others in its group. Members are found by wording, and a customer whose own instructions happen to be
/// an operator's says nothing else. What the others' means allow for is asked of those others: of a group in which every account has means of its own, one more such account is no stranger
/// (the share of values seen once estimates the share not seen yet: Good, 1953).
/// </summary>
internal sealed class MemberMeans
{
    /// <summary>
    /// Wording says at most so much of one account: what a customer writes in one prompt he writes in all of them, so that ten are hardly more evidence than one.
    /// </summary>
    private const double MostBitsOfWording = 7.5;

    /// <summary>One account of an operator in 128 may have means that are nobody else's of the group, whatever the others do; and means that fit can be a fashion's.</summary>
    private const double OddOneOut = 1.0 / 128, MostBits = 3;

    /// <summary>One kind of means says at most so much either way.</summary>
    private const double MostBitsOfKind = 4;

    /// <summary>The kinds go together, and each is known to a bit at best: less than this together says nothing.</summary>
    private const double Slack = 3;

    /// <summary>Other owners of which a kind is known, from which on it says anything.</summary>
    private const int LeastOthers = 8;

    /// <summary>Share of everybody else that is taken to hold a value not seen in the group, at least.</summary>
    private const double LeastUnseen = 0.05;

    private static readonly ValueKind[] Registration = [ValueKind.Payment, ValueKind.Phone, ValueKind.EmailShape, ValueKind.EmailDomain, ValueKind.Referrer, ValueKind.Created];

    private static readonly ValueKind[] Network = [ValueKind.Ip, ValueKind.Network, ValueKind.Asn];

    /// <summary>All of one program: they count as one.</summary>
    private static readonly ValueKind[] Client = [ValueKind.Client, ValueKind.Tls, ValueKind.Headers, ValueKind.Shape, ValueKind.Tools];

    private readonly SharedValues _values;
    private readonly Extra _ages, _issuers;

    public MemberMeans(Traffic traffic, SharedValues values, KeyedHash hash)
    {
        _values = values;
        var endMs = traffic.Subjects.Select(subject => subject.LastMs).DefaultIfEmpty(0).Max();
        _ages = new Extra(traffic, subject => subject.Record?.CreatedMs is { } created && values.Known(ValueKind.Created) > 0 ? Octave(endMs - created) : 0);
        _issuers = new Extra(traffic, subject => subject.Record?.PaymentIssuer is { Length: > 0 } issuer && values.Known(ValueKind.Payment) > 0 ? hash.Of(Encoding.UTF8.GetBytes(issuer)) | 1 : 0);

        static ulong Octave(long ms) => (ulong)BitOperations.Log2((ulong)Math.Max(1, ms / 86_400_000)) + 1;
    }

    /// <summary>The group with the probabilities that its members have once their means are looked at, too; as it was where nobody would be left.</summary>
    public Cluster Fitted(Cluster cluster)
    {
        var bits = new double[cluster.Members.Count];
        foreach (var kind in Registration) Add(bits, Of(cluster, subject => _values.Of(subject, kind), value => _values.Holders(kind, value), _values.Known(kind)));
        Add(bits, Of(cluster, _ages.Of, _ages.Holders, _ages.Known));
        Add(bits, Of(cluster, _issuers.Of, _issuers.Holders, _issuers.Known));
        var network = Network.Select(kind => Of(cluster, subject => _values.Of(subject, kind), value => _values.Holders(kind, value), _values.Known(kind))).ToList();
        var client = Client.Select(kind => Of(cluster, subject => _values.Of(subject, kind), value => _values.Holders(kind, value), _values.Known(kind))).ToList();
        for (var m = 0; m < bits.Length; m++)
        {
            // An address is an owner's of networks as well: what fits best tells.
            bits[m] += network.Max(kind => kind[m]) ?? 0;
            bits[m] += client.Average(kind => kind[m]) ?? 0;
        }

        var probabilities = new SortedDictionary<int, double>();
        var misfits = Misfits(bits, cluster.Probabilities);
        for (var m = 0; m < bits.Length; m++)
        {
            var clear = Math.Sign(bits[m]) * Math.Max(0, Math.Abs(bits[m]) - Slack);
            var means = Math.Clamp(clear, Math.Log2(Math.Max(OddOneOut, misfits[m])), MostBits);
            var wording = Math.Min(MostBitsOfWording, Math.Log2(cluster.Probabilities[m] / (1 - cluster.Probabilities[m])));
            probabilities[cluster.Members[m]] = 1 / (1 + Math.Pow(2, -(wording + means)));
        }

        return probabilities.Values.Any(probability => probability >= Detector.Flagged) ? cluster.Holding(probabilities, cluster.Extracting) : cluster;
    }

    /// <summary>
    /// For each member the share of the others that fit no better: kinds of means go together, and where a third of a group's accounts have nothing in common with the rest, one more that has not is no stranger.
    /// </summary>
    private static double[] Misfits(double[] bits, List<double> probabilities)
    {
        var order = Enumerable.Range(0, bits.Length).OrderBy(m => bits[m]).ToList();
        var all = probabilities.Sum();
        var shares = new double[bits.Length];
        var below = 0.0;
        for (var k = 0; k < order.Count;)
        {
            var end = k;
            for (; end < order.Count && bits[order[end]] == bits[order[k]]; end++) below += probabilities[order[end]];
            for (; k < end; k++) shares[order[k]] = (below - probabilities[order[k]] + 1) / (all - probabilities[order[k]] + 2);
        }

        return shares;
    }

    private static void Add(double[] bits, double?[] more)
    {
        for (var m = 0; m < bits.Length; m++) bits[m] += more[m] ?? 0;
    }

    private delegate ReadOnlySpan<ulong> ValuesOf(int subject);

    /// <summary>For each member log2 P(its values of one kind | the group's others) / P(... | everybody else); null where the kind is not known of it, or of too few others.</summary>
    private double?[] Of(Cluster cluster, ValuesOf of, Func<ulong, int> holders, int known)
    {
        var likely = cluster.Likely();
        // Owners, not accounts: colleagues have one registration.
        var own = new Dictionary<int, HashSet<ulong>>();
        foreach (var member in cluster.Members)
        {
            if (!likely.Contains(member)) continue;
            var values = of(member);
            if (values.Length == 0) continue;
            ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(own, _values.OwnerOf(member), out _);
            held ??= [];
            foreach (var value in values) held.Add(value);
        }

        var bits = new double?[cluster.Members.Count];
        if (own.Count <= LeastOthers) return bits;
        var inside = own.Values.SelectMany(values => values).CountBy(value => value).ToDictionary();
        var outside = known - own.Count + 1.0;
        double Usual(ulong value) => (holders(value) - inside.GetValueOrDefault(value) + 0.5) / outside;
        bool IsLone(HashSet<ulong> values) => values.All(value => inside[value] == 1);
        var lone = own.Values.Count(IsLone);
        var unseen = Math.Clamp(1 - inside.Where(pair => pair.Value > 1).Sum(pair => Usual(pair.Key)), LeastUnseen, 1);
        for (var m = 0; m < bits.Length; m++)
        {
            var values = of(cluster.Members[m]);
            if (values.Length == 0) continue;
            own.TryGetValue(_values.OwnerOf(cluster.Members[m]), out var itself);
            double others = own.Count - (itself is null ? 0 : 1);
            var fresh = (lone - (itself is not null && IsLone(itself) ? 1 : 0) + 1) / (others + 2);
            var best = fresh / unseen;
            foreach (var value in values)
            {
                var with = inside.GetValueOrDefault(value) - (itself?.Contains(value) == true ? 1 : 0);
                if (with > 0) best = Math.Max(best, (1 - fresh) * with / others / Usual(value));
            }

            bits[m] = Math.Clamp(Math.Log2(best), -MostBitsOfKind, MostBitsOfKind);
        }

        return bits;
    }

    /// <summary>A kind of which each account has one value; 0 is unknown.</summary>
    private sealed class Extra
    {
        private readonly ulong[] _of;
        private readonly Dictionary<ulong, int> _holders = [];

        public Extra(Traffic traffic, Func<Subject, ulong> of)
        {
            _of = [.. traffic.Subjects.Select(of)];
            var counted = new HashSet<(int, ulong)>();
            var owners = new HashSet<int>();
            for (var s = 0; s < _of.Length; s++)
            {
                if (_of[s] == 0) continue;
                owners.Add(traffic.Subjects[s].Owner);
                if (counted.Add((traffic.Subjects[s].Owner, _of[s]))) CollectionsMarshal.GetValueRefOrAddDefault(_holders, _of[s], out _)++;
            }

            Known = owners.Count;
        }

        public int Known { get; }

        public ReadOnlySpan<ulong> Of(int subject) => _of[subject] == 0 ? [] : _of.AsSpan(subject, 1);

        public int Holders(ulong value) => _holders.GetValueOrDefault(value);
    }
}
