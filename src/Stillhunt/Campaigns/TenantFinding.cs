using System.Globalization;
using Stillhunt.Linking;
using Stillhunt.Profiles;

namespace Stillhunt.Campaigns;

/// <summary>
/// Looks inside accounts that name their end users. Every account is judged whole first, so that scattering work over made-up end users hides nothing; then those of which nothing
/// was flagged are cut into tenants and the rest, and groups that are mostly tenants are judged on what they ask (docs/decisions/0009).
/// </summary>
/// <param name="whole">The look at whole accounts.</param>
/// <param name="judged">What it found.</param>
/// <param name="cut">The look with these end users, by account, as subjects of their own.</param>
internal sealed class TenantFinding(Look whole, List<Judgement> judged, Func<IReadOnlyDictionary<ulong, IReadOnlySet<uint>>, Look> cut, Shares shares)
{
    /// <summary>Tenants that a group must have, and the share of its members that they must be: else what there is to see shows in whole accounts.</summary>
    private const int LeastTenants = 3;

    private const double MostlyTenants = 0.5;

    private const int FirstAccounts = 5;

    private Look? _inside;
    private List<Tenant> _tenants = [];
    private readonly HashSet<(AccountProfile Account, uint EndUser)> _members = [];

    /// <summary>Campaigns of tenants and of nobody else, flagged and suspected. No account of them is in a flagged campaign as a whole.</summary>
    public List<Judgement> Find(Action<string>? step)
    {
        var flagged = judged.Where(j => j.IsFlagged).SelectMany(j => j.Accounts).ToHashSet();
        _tenants = Tenants.Apart(whole.Traffic, flagged.Contains, shares);
        if (!Tenants.MayHaveOneHand(whole.Traffic, _tenants, LeastTenants, shares)) return [];
        step?.Invoke("looking inside accounts");
        _inside = cut(Tenants.ByAccount(whole.Traffic, _tenants));
        var traffic = _inside.Traffic;
        var found = new List<Judgement>();
        foreach (var group in _inside.JudgedOf(clusters => [.. clusters.Where(IsOfTenants)]))
        {
            if (group.Campaign.Confidence < Detector.Suspected || !IsOfTenants(group.Cluster)) continue;
            // Whole accounts were judged as such, and what speaks for or against them was not weighed here.
            var own = group.Cluster.Likely().All(IsTenant) ? group : Look.Without(group, member => !IsTenant(member));
            if (own is null || own.Campaign.Confidence < Detector.Suspected) continue;
            found.Add(Told(own));
            _members.UnionWith(own.Cluster.Likely().Select(member => (traffic.Subjects[member].Profile, traffic.Subjects[member].EndUser)));
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

    /// <summary>Whether end users of the account stand in a campaign of tenants.</summary>
    public bool IsIn(AccountProfile account) => _members.Any(member => member.Account == account);

    public bool IsEntitled(Judgement judgement) => _inside is not null && Lookalikes.IsEntitled(_inside.Traffic, judgement.Cluster);

    /// <summary>Customers with tenants: what was looked at, and that nothing was found in it but the tenants that a campaign lists.</summary>
    /// <param name="isFlagged">Whether an account stands in a campaign as a whole: of its customer more is told there.</param>
    public IEnumerable<ClearedGroup> Resellers(Func<AccountProfile, bool> isFlagged)
    {
        var subjects = whole.Traffic.Subjects;
        var customers = _tenants.GroupBy(tenant => subjects[tenant.Account].Owner)
            .Select(tenants => (Tenants: tenants.ToList(), Accounts: tenants.Select(tenant => subjects[tenant.Account].Profile).Distinct().ToList()));
        foreach (var (tenants, accounts) in customers.Where(customer => customer.Tenants.Count >= LeastTenants && !customer.Accounts.Exists(account => isFlagged(account)))
                     .OrderByDescending(customer => customer.Accounts.Count).ThenByDescending(customer => customer.Tenants.Count).ThenBy(customer => customer.Accounts[0].Id.Id, StringComparer.Ordinal))
        {
            var listed = tenants.Count(tenant => _members.Contains((subjects[tenant.Account].Profile, tenant.EndUser)));
            var named = accounts.Sum(profile => profile.Days.Values.SelectMany(day => day.FirstSampled(AccountDay.SampleSize)).Select(print => print.EndUser).Where(user => user != 0).Distinct().Count());
            if (listed == named) continue;
            yield return new ClearedGroup
            {
                Lookalike = "reseller",
                AccountCount = accounts.Count,
                ExchangeCount = accounts.Sum(profile => profile.Days.Values.Sum(day => day.ExchangeCount)),
                Text = string.Create(CultureInfo.InvariantCulture,
                    $"{(accounts.Count == 1 ? "An account names" : $"{accounts.Count} accounts of one customer name")} at least {named} end users. {tenants.Count} keep to a wording of their own, as a reseller's customers do, and were looked at each by itself; the others with the rest of their account. {(listed == 0 ? "None" : $"None but the {listed} that a campaign lists")} is in a group that extracts; one end user by himself is not judged."),
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
        var row = EvidenceRows.Row("registration", "tenants", 0, string.Create(CultureInfo.InvariantCulture,
            $"{tenants.Count} of the members are end users of {(customers == 1 ? "one customer's" : $"{customers} customers'")} accounts. Payment, registration, network and client are the customer's and were not weighed; counts of an end user are scaled up from the account's sample."), tenants.Count, []);
        return judgement.With(row);
    }
}
