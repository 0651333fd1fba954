using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Detection;

/// <summary>
/// The campaigns as they are known now: an immutable list that readers take whole, and one writer at a time. What is published was kept
/// before.
/// </summary>
internal sealed class CampaignBook(IStore store, TimeProvider time)
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, long> _sighted = new(StringComparer.Ordinal);
    private readonly Dictionary<AccountId, long> _forgotten = [];
    private IReadOnlyList<TrackedCampaign> _campaigns = [];
    private AccessSummary? _access;
    private long _turn;

    /// <summary>Told of events after they were kept, in order.</summary>
    public event Action<IReadOnlyList<NumberedEvent>>? Told;

    /// <summary>Told that campaigns changed.</summary>
    public event Action? Changed;

    public IReadOnlyList<TrackedCampaign> Campaigns => Volatile.Read(ref _campaigns);

    /// <summary>How access looked at the last detection; null before the first.</summary>
    public AccessSummary? Access => Volatile.Read(ref _access);

    /// <summary>
    /// Counts what was sighted and what was forgotten. Whoever looks at a state takes the number before it takes up what came, and gives it back with what it found: what happened since is not undone by
    /// it. A number and no time, because clocks go back.
    /// </summary>
    public long Turn => Interlocked.Read(ref _turn);

    public void Load()
    {
        Volatile.Write(ref _campaigns, store.Campaigns.Load());
        Volatile.Write(ref _access, store.Campaigns.LoadAccess());
    }

    /// <summary>The campaign, or the one that it was merged into; null where it is unknown.</summary>
    public TrackedCampaign? Find(string id)
    {
        var campaigns = Campaigns;
        var found = campaigns.FirstOrDefault(campaign => campaign.Id == id);
        // A chain of merges ends: each goes into one that stood at the time.
        for (var hops = 0; found is { MergedInto: { } into } && hops < campaigns.Count; hops++) found = campaigns.FirstOrDefault(campaign => campaign.Id == into);
        return found;
    }

    /// <summary>Campaigns that an account is or was in, current ones first.</summary>
    public IReadOnlyList<(TrackedCampaign Campaign, CampaignMember Member)> Of(string account, string? source) =>
        [.. Campaigns.Where(campaign => campaign.Stands)
            .SelectMany(campaign => campaign.Members.Where(member => member.Id == account && (source is null || member.Source == source)).Select(member => (campaign, member)))
            .OrderByDescending(pair => pair.member.Current).ThenByDescending(pair => pair.campaign.Confidence)];

    /// <summary>Takes up a whole detection.</summary>
    /// <param name="asOf"><see cref="Turn"/> when the state was taken that it looked at.</param>
    public void Update(ScanResult detected, Func<AccountId, AccountSpan?> spanOf, long asOf)
    {
        lock (_writing)
        {
            var before = Campaigns.ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
            var update = CampaignLedger.Update(Campaigns, WithoutForgotten([.. detected.Campaigns, .. detected.Suspected], asOf), spanOf, Now(), detected.Scanned.To);
            foreach (var id in _sighted.Where(pair => pair.Value <= asOf).Select(pair => pair.Key).ToList()) _sighted.Remove(id);
            // A quick look that saw more of the traffic than this detection is not taken back by it; the next one decides.
            List<TrackedCampaign> all = [.. update.Campaigns.Select(campaign =>
                _sighted.ContainsKey(campaign.Id) && before.TryGetValue(campaign.Id, out var sighted) && campaign.Stands && sighted.Latest.Confidence > campaign.Latest.Confidence ? sighted : campaign)];
            Keep(all, Fresh(before, all), update.Events, detected.Access);
        }
    }

    /// <summary>Takes up a quick look, which only adds to what is known.</summary>
    /// <inheritdoc cref="Update"/>
    public void Sight(ScanResult seen, Func<AccountId, AccountSpan?> spanOf, long asOf)
    {
        lock (_writing)
        {
            var before = Campaigns.ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
            var update = CampaignLedger.Sight(Campaigns, WithoutForgotten(seen.Campaigns, asOf), spanOf, Now());
            var changed = Fresh(before, update.Campaigns);
            if (changed.Count == 0) return;
            _turn++;
            foreach (var campaign in changed) _sighted[campaign.Id] = _turn;
            Keep(update.Campaigns, changed, update.Events, null);
        }
    }

    /// <summary>Remembers what a person found, with its record in the trail; null where there is no such campaign.</summary>
    public TrackedCampaign? Review(string id, ReviewOutcome outcome, string by, string note)
    {
        lock (_writing)
        {
            if (Find(id) is not { } found) return null;
            var (reviewed, told) = CampaignLedger.Review(found, new CampaignReview(outcome, by, note, Now()));
            Keep([.. Campaigns.Select(campaign => campaign.Id == reviewed.Id ? reviewed : campaign)], [reviewed], [told], null, () => new AuditTrail(store.Audit, time).Write("review", by, writer =>
            {
                writer.WriteString("campaign", reviewed.Id);
                writer.WriteString("outcome", outcome == ReviewOutcome.Confirmed ? "confirmed" : "dismissed");
                writer.WriteString("note", note);
            }));
            return reviewed;
        }
    }

    /// <summary>Takes accounts into a campaign that were recognised as carrying it on; does nothing where it is gone or was dismissed meanwhile.</summary>
    public void Succeed(string id, IReadOnlyList<Successor> successors)
    {
        lock (_writing)
        {
            if (Find(id) is not { Outcome: not ReviewOutcome.Dismissed } found || CampaignLedger.Succeed(found, successors, Now()) is not (var next, { } told)) return;
            Keep([.. Campaigns.Select(campaign => campaign.Id == next.Id ? next : campaign)], [next], [told], null);
        }
    }

    /// <summary>Keeps and tells what happened beside detection.</summary>
    public void Tell(IReadOnlyCollection<CampaignEvent> events)
    {
        lock (_writing) Keep(Campaigns, [], events, null);
    }

    /// <summary>Takes an account out of every campaign's list, and out of what looks at a state find that still holds it.</summary>
    /// <returns>In how many it was.</returns>
    public int Forget(AccountId account)
    {
        lock (_writing)
        {
            _forgotten[account] = ++_turn;
            var changed = Campaigns.Where(campaign => campaign.Members.Any(member => member.Account == account)).Select(campaign => campaign with
            {
                Members = [.. campaign.Members.Where(member => member.Account != account)], Latest = Without(campaign.Latest, one => one == account),
            }).ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
            if (changed.Count > 0) Keep([.. Campaigns.Select(campaign => changed.GetValueOrDefault(campaign.Id, campaign))], [.. changed.Values], [], null);
            return changed.Count;
        }
    }

    /// <summary>A round takes minutes where much is kept: an account that was deleted meanwhile stands in what it found, and in the ledger it would stay for good.</summary>
    private IReadOnlyList<Campaign> WithoutForgotten(IReadOnlyList<Campaign> detected, long asOf)
    {
        bool IsForgotten(AccountId account) => _forgotten.TryGetValue(account, out var turn) && turn > asOf;
        return _forgotten.Count == 0 ? detected : [.. detected.Select(campaign => Without(campaign, IsForgotten)).Where(campaign => campaign.Accounts.Count > 0)];
    }

    private static Campaign Without(Campaign campaign, Func<AccountId, bool> isGone)
    {
        List<CampaignAccount> left = [.. campaign.Accounts.Where(member => !isGone(new AccountId(member.Source, member.Id)))];
        // What holds the accounts together goes by their position: without one of them it would point at others.
        return left.Count == campaign.Accounts.Count ? campaign : campaign with { Accounts = left, Shared = [] };
    }

    private static List<TrackedCampaign> Fresh(Dictionary<string, TrackedCampaign> before, IReadOnlyList<TrackedCampaign> now) =>
        [.. now.Where(campaign => !ReferenceEquals(campaign, before.GetValueOrDefault(campaign.Id)))];

    private void Keep(IReadOnlyList<TrackedCampaign> all, IReadOnlyCollection<TrackedCampaign> changed, IReadOnlyCollection<CampaignEvent> events, AccessSummary? access, Action? note = null)
    {
        IReadOnlyList<NumberedEvent> numbered = [];
        store.Together(() =>
        {
            numbered = store.Campaigns.Save(changed, events, access);
            note?.Invoke();
        });
        Volatile.Write(ref _campaigns, all);
        if (access is not null) Volatile.Write(ref _access, access);
        if (numbered.Count > 0) Told?.Invoke(numbered);
        Changed?.Invoke();
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
