using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Looks inside accounts that name their end users. Every account is judged whole first, so that scattering work over made-up end users hides nothing; then those of which nothing
/// was flagged are cut into tenants and the rest, and groups that are mostly tenants are judged on what they ask (docs/decisions/0009).
/// </summary>
/// <param name="whole">The look at whole accounts.</param>
/// <param name="judged">What it found.</param>
/// <param name="cut">The look with these end users, by account, as subjects of their own.</param>
internal sealed class TenantFinding(Look whole, List<Judgement> judged, Func<IReadOnlyDictionary<ulong, IReadOnlySet<uint>>, Look> cut)
{
    /// <summary>Tenants that a group must have, and the share of its members that they must be: else what there is to see shows in whole accounts.</summary>
    private const int LeastTenants = 3;

    private const double MostlyTenants = 0.5;

    private const int FirstAccounts = 5;

    private Look? _inside;
    private readonly HashSet<int> _members = [];

    /// <summary>Campaigns of tenants and of nobody else, flagged and suspected. No account of them is in a flagged campaign as a whole.</summary>
    public List<Judgement> Find(Action<string>? step)
    {
        var flagged = judged.Where(j => j.IsFlagged).SelectMany(j => j.Cluster.Likely()).ToHashSet();
        var apart = Tenants.Apart(whole.Traffic, flagged.Contains);
        if (apart.Values.Sum(users => users.Count) < LeastTenants) return [];
        step?.Invoke("looking inside accounts");
        _inside = cut(apart);
        var traffic = _inside.Traffic;
        var found = new List<Judgement>();
        foreach (var group in _inside.Judged(null, clusters => [.. clusters.Where(IsOfTenants)]))
        {
            if (group.Campaign.Confidence < Detector.Suspected || !IsOfTenants(group.Cluster)) continue;
            // Whole accounts were judged as such, and what speaks for or against them was not weighed here.
            var own = group.Cluster.Likely().All(IsTenant) ? group : _inside.Without(group, member => !IsTenant(member));
            if (own is null || own.Campaign.Confidence < Detector.Suspected) continue;
            found.Add(Told(own));
            _members.UnionWith(own.Cluster.Likely());
        }

        return _inside.Told(found);

        bool IsTenant(int subject) => traffic.Subjects[subject].IsTenant;

        bool IsOfTenants(Cluster cluster)
        {
            var likely = cluster.Likely();
            var tenants = likely.Count(IsTenant);
            return tenants >= LeastTenants && tenants >= MostlyTenants * likely.Count;
        }
    }

    public bool IsEntitled(Judgement judgement) => _inside is not null && Lookalikes.IsEntitled(_inside.Traffic, judgement.Cluster);

    /// <summary>Customers with tenants, less those tenants that a campaign lists: what was looked at, and that it was found to be nobody's list.</summary>
    public IEnumerable<ClearedGroup> Resellers()
    {
        if (_inside is null) yield break;
        var traffic = _inside.Traffic;
        var customers = Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].IsTenant).GroupBy(s => traffic.Subjects[s].Owner)
            .Select(tenants => (Tenants: tenants.ToList(), Accounts: tenants.Select(s => traffic.Subjects[s].Profile).Distinct().ToList()));
        foreach (var (tenants, accounts) in customers.Where(customer => customer.Tenants.Count >= LeastTenants)
                     .OrderByDescending(customer => customer.Accounts.Count).ThenByDescending(customer => customer.Tenants.Count).ThenBy(customer => customer.Accounts[0].Id.Id, StringComparer.Ordinal))
        {
            var listed = tenants.Count(_members.Contains);
            if (listed == tenants.Count) continue;
            yield return new ClearedGroup
            {
                Lookalike = "reseller",
                AccountCount = accounts.Count,
                ExchangeCount = accounts.Sum(profile => profile.Days.Values.Sum(day => day.ExchangeCount)),
                Text = string.Create(CultureInfo.InvariantCulture,
                    $"{(accounts.Count == 1 ? "An account carries" : $"{accounts.Count} accounts of one customer carry")} end users of whom {tenants.Count} keep to a wording of their own, as a reseller's customers do. Each was looked at by itself: {(listed == 0 ? "none" : $"none but {listed} that a campaign lists")} belongs to a group that extracts."),
                Accounts = [.. accounts.Take(FirstAccounts).Select(profile => profile.Id.Id)],
            };
        }
    }

    /// <summary>With a row that says what was not weighed; it weighs nothing.</summary>
    private Judgement Told(Judgement judgement)
    {
        var traffic = _inside!.Traffic;
        var tenants = judgement.Cluster.Likely().Where(member => traffic.Subjects[member].IsTenant).ToList();
        var customers = tenants.Select(member => traffic.Subjects[member].Owner).Distinct().Count();
        var row = Weighing.Row("registration", "tenants", 0, string.Create(CultureInfo.InvariantCulture,
            $"{tenants.Count} of the members are end users of {(customers == 1 ? "one customer's" : $"{customers} customers'")} accounts. Payment, registration, network and client are the customer's and were not weighed; counts of an end user are scaled up from the account's sample."), tenants.Count, []);
        return judgement with { Campaign = judgement.Campaign with { Evidence = [.. judgement.Campaign.Evidence, row] } };
    }
}
