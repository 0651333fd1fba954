using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>
/// How the means of an account - its registration, network and client - fit those of the others in its group. Members are found by wording, and a customer whose own instructions happen to be
/// an operator's can't be told apart by it. What the others' means allow for is asked of those others: of a group in which every account has means of its own, one more such account is no stranger
/// (the share of values seen once estimates the share not seen yet: Good, 1953).
/// </summary>
internal sealed class MemberMeans
{
    /// <summary>
    /// Wording says at most so much of one account: what a customer writes in one prompt he writes in all of them, so that ten are hardly more evidence than one.
    /// Of 2,974 accounts stated at 0.99 and more in operators' campaigns 0.994 were the operator's, on three other authors' final sets, which nothing was set on (docs/decisions/0019, as are the constants below).
    /// </summary>
    private const double MostBitsOfWording = 7.5;

    /// <summary>One account of an operator in 128 may have means that are nobody else's of the group, whatever the others do; and means that fit can be a fashion's.</summary>
    private const double OddOneOut = 1.0 / 128, MostBits = 3;

    /// <summary>Of a group's accounts that fit as badly some are strays themselves, who come several at once: what their number says for one of them is counted away.</summary>
    private const double WeightOfMisfit = 2;

    /// <summary>One kind of means says at most so much either way.</summary>
    private const double MostBitsOfKind = 4;

    /// <summary>The kinds go together, and each is known to within a bit at best: so much of their sum, either way, says nothing.</summary>
    private const double Slack = 3;

    /// <summary>Other owners of which a kind is known, from which on it says anything.</summary>
    private const int LeastOthers = 8;

    /// <summary>Share of everybody else that is taken to hold a value not seen in the group, at least.</summary>
    private const double LeastUnseen = 0.05;

    private static readonly ValueKind[] Registration = [ValueKind.Payment, ValueKind.Phone, ValueKind.EmailShape, ValueKind.EmailDomain, ValueKind.Referrer, ValueKind.Created];

    private static readonly ValueKind[] Network = [ValueKind.Ip, ValueKind.Network, ValueKind.Asn];

    /// <summary>All of one program: they count as one.</summary>
    private static readonly ValueKind[] Client = [ValueKind.Client, ValueKind.Tls, ValueKind.Headers, ValueKind.Shape, ValueKind.Tools];

    private readonly Traffic _traffic;
    private readonly SharedValues _values;
    private readonly ValueColumn _ages, _issuers;

    public MemberMeans(Traffic traffic, SharedValues values, KeyedHash hash)
    {
        (_traffic, _values) = (traffic, values);
        var endMs = traffic.Subjects.Select(subject => subject.LastMs).DefaultIfEmpty(0).Max();
        _ages = Column(subject => values.IsUsed(ValueKind.Created) && subject.Record?.CreatedMs is { } created ? Octave(endMs - created) : 0);
        _issuers = Column(subject => values.IsUsed(ValueKind.Payment) && subject.Record?.PaymentIssuer is { Length: > 0 } issuer ? hash.Of(Encoding.UTF8.GetBytes(issuer)) | 1 : 0);

        // A kind of which each account has one value; 0 is unknown.
        ValueColumn Column(Func<Subject, ulong> of)
        {
            List<ulong> values = [.. traffic.Subjects.Select(of)];
            return new ValueColumn([values.FindAll(value => value != 0)], [.. values.Select(value => (byte)(value == 0 ? 0 : 1))], [.. traffic.Subjects.Select(subject => subject.Owner)]);
        }

        static ulong Octave(long ms) => (ulong)BitOperations.Log2((ulong)Math.Max(1, ms / 86_400_000)) + 1;
    }

    /// <summary>The group with the probabilities that its members have once their means are looked at, too; as it was where nobody would be left.</summary>
    /// <param name="said">For each member what its means add to what wording says, in bits.</param>
    public Cluster Fitted(Cluster cluster, out IReadOnlyDictionary<int, double> said)
    {
        said = new Dictionary<int, double>();
        // That one account has one hand is no question.
        if (cluster.Members.Count < 2) return cluster;
        var likely = cluster.Likely();
        var fit = Fit(cluster, likely);
        var misfits = Misfits(cluster, fit);
        var endUsers = EndUsers(cluster);
        var probabilities = new SortedDictionary<int, double>();
        var bits = new Dictionary<int, double>();
        for (var m = 0; m < fit.Length; m++)
        {
            var member = cluster.Members[m];
            var clear = Math.Sign(fit[m]) * Math.Max(0, Math.Abs(fit[m]) - Slack);
            bits[member] = endUsers.Contains(member) ? 0 : Math.Clamp(clear, Math.Max(Math.Log2(OddOneOut), WeightOfMisfit * Math.Log2(misfits[m])), MostBits);
            var wording = Math.Min(MostBitsOfWording, Math.Log2(cluster.Probabilities[m] / (1 - cluster.Probabilities[m])));
            probabilities[member] = 1 / (1 + Math.Pow(2, -(wording + bits[member])));
        }

        if (!likely.Any(member => probabilities[member] >= Detector.Flagged)) return cluster;
        said = bits;
        return cluster.Holding(probabilities, cluster.Extracting);
    }

    /// <summary>Members that go through means which are not theirs: end users, and accounts that are listed as one of their end users.</summary>
    private HashSet<int> EndUsers(Cluster cluster) =>
        [.. cluster.Extracting.GroupBy(i => _traffic.SubjectOf[i]).Where(own => _traffic.Subjects[own.Key].IsTenant || MemberNames.EndUserOf(_traffic, own.Key, [.. own]) is not null).Select(own => own.Key)];

    /// <summary>For each member how well its means fit those of the others: a sum over kinds.</summary>
    private double[] Fit(Cluster cluster, HashSet<int> likely)
    {
        var fit = new double[cluster.Members.Count];
        foreach (var kind in Registration) Add(Of(kind));
        Add(Bits(cluster, likely, _ages));
        Add(Bits(cluster, likely, _issuers));
        var network = Array.ConvertAll(Network, Of);
        var client = Array.ConvertAll(Client, Of);
        for (var m = 0; m < fit.Length; m++)
        {
            // An address is an owner's of networks as well: what fits best tells.
            fit[m] += network.Max(kind => kind[m]) ?? 0;
            fit[m] += client.Average(kind => kind[m]) ?? 0;
        }

        return fit;

        double?[] Of(ValueKind kind) => Bits(cluster, likely, _values.Column(kind));

        void Add(double?[] more)
        {
            for (var m = 0; m < fit.Length; m++) fit[m] += more[m] ?? 0;
        }
    }

    /// <summary>
    /// For each member the share of the other owners of whom no account fits better: kinds of means go together, and where half of a group's accounts have nothing in common with the rest, one more that has not is hardly a stranger.
    /// </summary>
    private double[] Misfits(Cluster cluster, double[] fit)
    {
        var owners = Enumerable.Range(0, fit.Length).GroupBy(m => _values.OwnerOf(cluster.Members[m]))
            .Select(own => (Owner: own.Key, Fit: own.Max(m => fit[m]), Weight: own.Average(m => cluster.Probabilities[m]))).OrderBy(own => own.Fit).ToList();
        var itself = owners.ToDictionary(own => own.Owner);
        var fits = owners.ConvertAll(own => own.Fit);
        var below = new double[owners.Count + 1];
        for (var k = 0; k < owners.Count; k++) below[k + 1] = below[k] + owners[k].Weight;
        var shares = new double[fit.Length];
        for (var m = 0; m < fit.Length; m++)
        {
            var own = itself[_values.OwnerOf(cluster.Members[m])];
            var upTo = below[AtMost(fit[m])] - (own.Fit <= fit[m] ? own.Weight : 0);
            shares[m] = (upTo + 1) / (below[^1] - own.Weight + 2);
        }

        return shares;

        // How many owners fit no better.
        int AtMost(double value)
        {
            var at = fits.BinarySearch(value);
            if (at < 0) return ~at;
            while (at < fits.Count && fits[at] <= value) at++;
            return at;
        }
    }

    /// <summary>For each member log2 P(its values of one kind | the group's others) / P(... | everybody else); null where the kind is not known of it, or of too few others.</summary>
    private double?[] Bits(Cluster cluster, HashSet<int> likely, ValueColumn column)
    {
        // Owners, not accounts: colleagues have one registration.
        var own = new Dictionary<int, HashSet<ulong>>();
        foreach (var member in cluster.Members)
        {
            if (!likely.Contains(member)) continue;
            var values = column.Of(member);
            if (values.Length == 0) continue;
            ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(own, _values.OwnerOf(member), out _);
            held ??= [];
            foreach (var value in values) held.Add(value);
        }

        var bits = new double?[cluster.Members.Count];
        if (own.Count <= LeastOthers) return bits;
        var inside = own.Values.SelectMany(values => values).CountBy(value => value).ToDictionary();
        var outside = column.Known - own.Count + 1.0;
        double Usual(ulong value) => (column.Holders(value) - inside.GetValueOrDefault(value) + 0.5) / outside;
        var lone = own.Where(pair => pair.Value.All(value => inside[value] == 1)).Select(pair => pair.Key).ToHashSet();
        var unseen = Math.Clamp(1 - inside.Where(pair => pair.Value > 1).Sum(pair => Usual(pair.Key)), LeastUnseen, 1);
        for (var m = 0; m < bits.Length; m++)
        {
            var values = column.Of(cluster.Members[m]);
            if (values.Length == 0) continue;
            var owner = _values.OwnerOf(cluster.Members[m]);
            own.TryGetValue(owner, out var itself);
            double others = own.Count - (itself is null ? 0 : 1);
            var fresh = (lone.Count - (lone.Contains(owner) ? 1 : 0) + 1) / (others + 2);
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
}
