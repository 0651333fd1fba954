using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Decisions;

/// <summary>
/// Access rules over a day of kept traffic: each account that sent is asked about at its first exchange of the day, with the day's whole count, for each country and model that the sample of
/// its exchanges shows. Days in order of time: the brake remembers.
/// </summary>
/// <param name="policy">Enforced.</param>
internal sealed class AccessReplay(Snapshot state, IReadOnlyDictionary<string, AccountRecord> records, IReadOnlyDictionary<AccountId, Reversal> reversals, Policy policy)
{
    private static readonly Dictionary<ApprovalKey, ApprovalWord> NoApprovals = [];

    private readonly AccessBrake _brake = new();

    /// <param name="score">How likely a record is one more of the campaigns known by then.</param>
    /// <returns>The strongest verdict for each account for which a rule holds, and whether the brake kept it for a person.</returns>
    public IEnumerable<(Verdict Verdict, bool Held)> Of(int day, Func<AccountRecord, double> score)
    {
        if (policy.AccessRules.Count == 0) yield break;
        foreach (var (account, sent) in Sent(day).OrderBy(pair => pair.Sent.FirstMs).ThenBy(pair => pair.Account.Source, StringComparer.Ordinal).ThenBy(pair => pair.Account.Id, StringComparer.Ordinal))
        {
            if (reversals.TryGetValue(account, out var reversal) && reversal.HoldsAt(sent.FirstMs)) continue;
            var record = records.GetValueOrDefault(account.Id);
            var facts = new RuleFacts { Now = DateTimeOffset.FromUnixTimeMilliseconds(sent.FirstMs), Record = record, TodayCount = sent.ExchangeCount, Signup = record is null ? null : () => score(record) };
            var verdict = sent.Sample.Select(print => (print.Country, print.Model)).Distinct()
                .Select(request => Decision.OfAccess(account, facts with { Region = Name(request.Country), Model = Name(request.Model) }, policy))
                .OfType<Verdict>().MaxBy(found => found.Would);
            if (verdict is null) continue;
            yield return (verdict, verdict.Would.Touches() && !_brake.Allows(verdict, record?.Verified == true, policy.Brake, Math.Max(state.Accounts.Count, records.Count), NoApprovals, sent.FirstMs, out _));
        }

        _brake.TakeUnsaved(DateTimeOffset.UnixEpoch.AddDays(day + 1).ToUnixTimeMilliseconds());
    }

    private IEnumerable<(AccountId Account, AccountDay Sent)> Sent(int day)
    {
        foreach (var profile in state.Accounts.Values)
            if (profile.Days.TryGetValue(day, out var sent)) yield return (profile.Id, sent);
    }

    private string? Name(uint hash) => hash == 0 ? null : state.Names.GetValueOrDefault(hash);
}
