using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Bench.Dilution;

/// <summary>
/// What detection itself says of accounts that somebody names, instead of looking for groups: all that they sent is judged, and what they have in common beside cover is found and judged, as with accounts that share
/// a card (<see cref="Proposals"/>). Evidence in bits, before measured reliability, which changes no order.
/// </summary>
internal sealed class KnownGroups
{
    /// <summary>Exchanges from which on a group's common part is judged, as in detection.</summary>
    private const int LeastExchanges = 30;

    private readonly Traffic _traffic;
    private readonly Proposals _proposals;
    private readonly GroupMeasuring _measuring;
    private readonly Weighing _weighing;
    private readonly Shares _shares;

    public KnownGroups(Snapshot snapshot, Traffic traffic, KeyedHash hash, int threads)
    {
        (_traffic, _shares) = (traffic, new Shares(threads));
        var leaveOut = EvidenceKinds.None;
        var values = new SharedValues(traffic, hash, leaveOut, _shares);
        var replayed = new ReplayedHandles(traffic, leaveOut);
        _proposals = new Proposals(traffic, hash, _shares);
        var builder = new CampaignBuilder(traffic, snapshot, _proposals.Index, values, replayed, hash);
        _measuring = new GroupMeasuring(traffic, _proposals.Postings, replayed, _proposals.WorkLists, _shares);
        _weighing = new Weighing(traffic, values, builder.ExampleId, leaveOut);
    }

    public UnitPostings Postings => _proposals.Postings;

    /// <summary>Bits of each group: of all that its accounts sent or of what they have in common, whichever is more.</summary>
    public double[] OfGroups(IReadOnlyList<IReadOnlyList<int>> groups)
    {
        var whole = groups.Select(accounts => All([.. accounts.Order()])).ToList();
        var common = _proposals.Grow(whole);
        return _shares.Of([.. Enumerable.Range(0, whole.Count)], g => Math.Max(Bits(whole[g]), common[g].Extracting.Count >= LeastExchanges && common[g].Test.Count > 0 ? Bits(common[g]) : double.NegativeInfinity));
    }

    /// <summary>Bits of each account by itself.</summary>
    public double[] OfAccounts(IReadOnlyList<int> accounts) => _shares.Of(accounts, account =>
    {
        var alone = All([account]);
        return _weighing.RowsOfOne(_measuring.Measure(alone), alone, Wordings.Of(_traffic, alone.Extracting)).Sum(row => row.Bits);
    });

    private double Bits(Cluster cluster) => _weighing.Rows(_measuring.Measure(cluster), cluster).Sum(row => row.Bits);

    private Cluster All(List<int> accounts)
    {
        List<int> exchanges = [.. accounts.SelectMany(s => Enumerable.Range(_traffic.Subjects[s].First, _traffic.Subjects[s].SampleCount))];
        return new Cluster { Members = accounts, Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = exchanges, Test = exchanges };
    }
}
