using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;

namespace Stillhunt.Ledger;

/// <summary>When an account's traffic began and ended, as far as it is kept.</summary>
public readonly record struct AccountSpan(long FirstMs, long LastMs);

/// <summary>An account that sends a campaign's prompts and was not there before.</summary>
/// <param name="Probability">P(the account is the operator's).</param>
/// <param name="By">By what it was recognised.</param>
public readonly record struct Successor(AccountId Account, double Probability, Recognition By);

/// <param name="Campaigns">All that are known from here on.</param>
/// <param name="Events">What is worth telling, in order.</param>
public sealed record LedgerUpdate(IReadOnlyList<TrackedCampaign> Campaigns, IReadOnlyList<CampaignEvent> Events);

/// <summary>
/// Known campaigns and a new detection -> known campaigns. Pure: the same input gives the same output, and a detection that is given twice
/// tells nothing new the second time.
/// </summary>
public static class CampaignLedger
{
    /// <summary>Growth worth telling: half as much again.</summary>
    private const double Growth = 1.5;

    /// <summary>Share of new extraction on one model that makes a move; a reported pivot had "almost half" within a day (DESIGN.md, case pivot).</summary>
    private const double MovedShare = 0.4;

    /// <summary>Share that the model had before: it was no target.</summary>
    private const double NewTarget = 0.1;

    /// <summary>Extracting exchanges below which shares say nothing.</summary>
    private const long LeastMoved = 30;

    /// <summary>Silence of an account after which it counts as ended, and of a campaign after which it counts as dormant.</summary>
    private const long EndedMs = 6 * 3_600_000L, DormantMs = 3 * 86_400_000L;

    /// <param name="known">What is known so far.</param>
    /// <param name="detected">Flagged and suspected campaigns of the new detection.</param>
    /// <param name="spanOf">When an account's traffic began and ended; null where none is kept.</param>
    /// <param name="nowMs">Time of the detection.</param>
    /// <param name="to">When the newest of the traffic was sent that was looked at; null where that is not known: then what was detected says it.</param>
    public static LedgerUpdate Update(IReadOnlyList<TrackedCampaign> known, IReadOnlyList<Campaign> detected, Func<AccountId, AccountSpan?> spanOf, long nowMs, string? to = null)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(detected);
        ArgumentNullException.ThrowIfNull(spanOf);
        var standing = known.Where(campaign => campaign.Stands).ToList();
        var assigned = Assign(detected, standing, out var absorbed, out var splits);
        var updated = standing.ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
        var events = new List<CampaignEvent>();
        var newestMs = detected.Select(campaign => Ms(campaign.Last)).DefaultIfEmpty(0).Max();
        var trafficMs = to is null ? newestMs : Math.Max(newestMs, Ms(to));
        for (var d = 0; d < detected.Count; d++)
        {
            TrackedCampaign next;
            if (assigned[d] is { } k) next = Continue(standing[k], detected[d], spanOf, newestMs, nowMs, events);
            else next = Begin(detected[d], splits[d] is { } parent ? standing[parent].Id : null, updated.ContainsKey, nowMs, events);
            updated[next.Id] = next;
            if (next.SplitFrom is { } from && assigned[d] is null)
                events.Add(new CampaignEvent(CampaignEventKind.Split, next.Id, nowMs, Text($"{next.Members.Count} accounts of {from} turned out to be a campaign of their own.")));
        }

        foreach (var (k, d) in absorbed.OrderBy(pair => pair.Key))
        {
            var into = assigned[d] is { } kept ? standing[kept].Id : detected[d].Id;
            updated[standing[k].Id] = standing[k] with { MergedInto = into };
            // A merged campaign's members stay known, and what a person found of it stays valid for the whole where that has no finding of its own.
            updated[into] = Take(updated[into], standing[k]);
            events.Add(new CampaignEvent(CampaignEventKind.Merged, into, nowMs, Text($"{standing[k].Id} turned out to be a part of {into}.")));
        }

        // One that detection does not find any more left the window, or fell below what is reported: it stays as it was last seen, and verdicts on it run out by themselves.
        foreach (var silent in standing.Where(campaign => updated[campaign.Id].Stands))
        {
            var still = updated[silent.Id];
            // Whom it was carried on by since, detection may not hold yet.
            var dormant = trafficMs - Ms(still.Latest.Last) >= DormantMs && !still.Members.Any(member => member.Recognised is not null && trafficMs - member.HeldMs < DormantMs);
            if (dormant && !still.Dormant && still.Announced)
                events.Add(new CampaignEvent(CampaignEventKind.Dormant, still.Id, nowMs, Text($"{still.Id} has sent nothing since {still.Latest.Last}.")));
            updated[silent.Id] = still with { Dormant = dormant || still.Dormant };
        }

        return new LedgerUpdate(
            [.. known.Where(campaign => !campaign.Stands).Concat(updated.Values).OrderBy(campaign => campaign.FirstSeenMs).ThenBy(campaign => campaign.Id, StringComparer.Ordinal)], events);
    }

    /// <summary>
    /// A look at a sample of the traffic, between two whole detections: begins campaigns that nobody knew, and takes what was only suspected as flagged. Of what is announced
    /// already, and of what such a look does not see, it says nothing: that is for the whole detection.
    /// </summary>
    /// <param name="flagged">Flagged campaigns of the look.</param>
    /// <inheritdoc cref="Update"/>
    public static LedgerUpdate Sight(IReadOnlyList<TrackedCampaign> known, IReadOnlyList<Campaign> flagged, Func<AccountId, AccountSpan?> spanOf, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(flagged);
        ArgumentNullException.ThrowIfNull(spanOf);
        var standing = known.Where(campaign => campaign.Stands).ToList();
        var assigned = Assign(flagged, standing, out _, out _);
        // Part of a known one, or a second look at it.
        var related = CampaignMatching.Of(flagged, standing).Select(match => match.Detected).ToHashSet();
        var updated = known.ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
        var events = new List<CampaignEvent>();
        var newestMs = flagged.Select(campaign => Ms(campaign.Last)).DefaultIfEmpty(0).Max();
        for (var d = 0; d < flagged.Count; d++)
        {
            TrackedCampaign next;
            if (assigned[d] is { } k && !standing[k].Announced) next = Continue(standing[k], flagged[d], spanOf, newestMs, nowMs, events);
            else if (related.Contains(d)) continue;
            else next = Begin(flagged[d], null, updated.ContainsKey, nowMs, events);
            updated[next.Id] = next;
        }

        return new LedgerUpdate([.. updated.Values.OrderBy(campaign => campaign.FirstSeenMs).ThenBy(campaign => campaign.Id, StringComparer.Ordinal)], events);
    }

    /// <summary>
    /// Accounts that were recognised by their first exchanges as carrying a campaign on, before any detection. The event is null where none of them is new to it.
    /// </summary>
    public static (TrackedCampaign Campaign, CampaignEvent? Event) Succeed(TrackedCampaign campaign, IReadOnlyList<Successor> successors, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(successors);
        // Of a campaign of end users only an end user can carry it on: the account that he now goes through is other customers' as well.
        if (campaign.Members.Count > 0 && campaign.Members.All(member => member.EndUser is not null)) return (campaign, null);
        var known = campaign.Members.Select(member => member.Account).ToHashSet();
        var fresh = successors.Where(successor => known.Add(successor.Account)).ToList();
        if (fresh.Count == 0) return (campaign, null);
        return (campaign with
        {
            LastSeenMs = nowMs, Dormant = false,
            Members =
            [
                .. campaign.Members, .. fresh.Select(successor => new CampaignMember
                {
                    Source = successor.Account.Source, Id = successor.Account.Id, SinceMs = nowMs, HeldMs = nowMs, Probability = successor.Probability, ExtractingCount = successor.By.MatchedCount, Current = true, Successor = true, Recognised = successor.By,
                }),
            ],
        }, new CampaignEvent(CampaignEventKind.Succession, campaign.Id, nowMs, Text($"{fresh.Count} new accounts send the prompts of {campaign.Id} from their first exchanges on.")));
    }

    /// <summary>A person's finding.</summary>
    public static (TrackedCampaign Campaign, CampaignEvent Event) Review(TrackedCampaign campaign, CampaignReview review)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(review);
        var kind = review.Outcome == ReviewOutcome.Confirmed ? CampaignEventKind.Confirmed : CampaignEventKind.Dismissed;
        return (campaign with { Review = review }, new CampaignEvent(kind, campaign.Id, review.AtMs, Text($"{campaign.Id} was {kind} by {review.By}: {review.Note}")));
    }

    /// <summary>Each detected one continues at most one known one, and each known one is continued at most once; the strongest pairs first.</summary>
    /// <param name="absorbed">Known ones that went into a detected one that continues another.</param>
    /// <param name="splits">For a detected one that continues none, the known one that it was a part of.</param>
    private static int?[] Assign(IReadOnlyList<Campaign> detected, List<TrackedCampaign> known, out Dictionary<int, int> absorbed, out int?[] splits)
    {
        var matches = CampaignMatching.Of(detected, known);
        var assigned = new int?[detected.Count];
        var taken = new int?[known.Count];
        foreach (var match in matches)
        {
            if (assigned[match.Detected] is not null || taken[match.Known] is not null) continue;
            assigned[match.Detected] = match.Known;
            taken[match.Known] = match.Detected;
        }

        absorbed = [];
        splits = new int?[detected.Count];
        foreach (var match in matches.Where(match => match.ByAccounts))
        {
            // What was dismissed stays by itself: in another it would clear that as well, or be forgotten.
            if (taken[match.Known] is null && match.OfKnown > 0.5 && known[match.Known].Outcome != ReviewOutcome.Dismissed) absorbed.TryAdd(match.Known, match.Detected);
            if (assigned[match.Detected] is null && match.OfDetected > 0.5) splits[match.Detected] ??= match.Known;
        }

        return assigned;
    }

    private static TrackedCampaign Begin(Campaign campaign, string? splitFrom, Func<string, bool> isTaken, long nowMs, List<CampaignEvent> events)
    {
        // The id of a detection follows its accounts, so a known campaign that lost and regained some may hold it already.
        var id = campaign.Id;
        for (var n = 2; isTaken(id); n++) id = string.Create(CultureInfo.InvariantCulture, $"{campaign.Id}-{n}");
        var next = new TrackedCampaign
        {
            Id = id, FirstSeenMs = nowMs, LastSeenMs = nowMs, SplitFrom = splitFrom, Latest = campaign with { Id = id },
            Members = [.. campaign.Accounts.Select(account => Member(account, nowMs, false))],
        };
        return Announce(next, events, nowMs);
    }

    private static TrackedCampaign Continue(TrackedCampaign before, Campaign campaign, Func<AccountId, AccountSpan?> spanOf, long newestMs, long nowMs, List<CampaignEvent> events)
    {
        var members = before.Members.ToDictionary(member => member.Member, member => member with { Current = false });
        var ended = before.Members.Select(member => spanOf(member.Account)?.LastMs).OfType<long>().Where(last => newestMs - last >= EndedMs).DefaultIfEmpty(long.MaxValue).Min();
        // Members whose traffic is not kept any more ended before everything that is.
        var gone = before.Members.Count(member => spanOf(member.Account) is null);
        var successors = 0;
        foreach (var account in campaign.Accounts)
        {
            var id = MemberId.Of(account);
            if (members.TryGetValue(id, out var member))
            {
                // From here on detection's evidence is the reason.
                members[id] = member with { Current = true, HeldMs = nowMs, Probability = account.Probability, ExtractingCount = account.ExtractingCount, Recognised = null };
                continue;
            }

            // When an end user began is not kept; his account's beginning says nothing of it.
            var follows = account.EndUser is null && spanOf(id.Account) is { } span && (span.FirstMs >= ended || gone > 0);
            if (follows) successors++;
            members.Add(id, Member(account, nowMs, follows));
        }

        // What is found again without anything new was in the window all the time.
        var returned = before.Dormant && Ms(campaign.Last) > Ms(before.Latest.Last);
        var next = before with { LastSeenMs = nowMs, Latest = campaign with { Id = before.Id }, Members = [.. members.Values], Dormant = before.Dormant && !returned };
        if (returned && before.Announced) events.Add(new CampaignEvent(CampaignEventKind.Returned, next.Id, nowMs, Text($"{next.Id} sends again.")));
        if (successors > 0 && before.Announced && next.Outcome != ReviewOutcome.Dismissed)
            events.Add(new CampaignEvent(CampaignEventKind.Succession, next.Id, nowMs, Text($"{successors} new accounts carry on where others of {next.Id} ended.")));
        return Announce(next, events, nowMs);
    }

    /// <summary>Tells what is new, and remembers that it was told.</summary>
    private static TrackedCampaign Announce(TrackedCampaign campaign, List<CampaignEvent> events, long nowMs)
    {
        var latest = campaign.Latest;
        var accounts = latest.Accounts.Count;
        if (!campaign.Announced)
        {
            if (campaign.Confidence < Detector.Flagged) return campaign;
            events.Add(new CampaignEvent(CampaignEventKind.New, campaign.Id, nowMs,
                Text($"{campaign.Id}: {accounts} accounts that the evidence ascribes to one operator sent {latest.ExtractingCount} extracting exchanges; confidence {latest.Confidence:P1}.")));
            return campaign with { Announced = true, AnnouncedExtracting = latest.ExtractingCount, AnnouncedAccounts = accounts, AnnouncedModels = latest.Exposure.ByModel };
        }

        // Dismissed: remembered, not told again.
        if (campaign.Outcome == ReviewOutcome.Dismissed) return campaign;
        if (latest.ExtractingCount >= Growth * campaign.AnnouncedExtracting || accounts >= Growth * campaign.AnnouncedAccounts)
        {
            events.Add(new CampaignEvent(CampaignEventKind.Grown, campaign.Id, nowMs,
                Text($"{campaign.Id} grew from {campaign.AnnouncedAccounts} to {accounts} accounts and from {campaign.AnnouncedExtracting} to {latest.ExtractingCount} extracting exchanges.")));
            campaign = campaign with { AnnouncedExtracting = latest.ExtractingCount, AnnouncedAccounts = accounts };
        }

        return Moved(campaign, events, nowMs);
    }

    private static TrackedCampaign Moved(TrackedCampaign campaign, List<CampaignEvent> events, long nowMs)
    {
        var (before, now) = (campaign.AnnouncedModels, campaign.Latest.Exposure.ByModel);
        var fresh = now.ToDictionary(pair => pair.Key, pair => Math.Max(0, pair.Value - before.GetValueOrDefault(pair.Key)), StringComparer.Ordinal);
        var (all, earlier) = (fresh.Values.Sum(), Math.Max(1, before.Values.Sum()));
        if (all < LeastMoved) return campaign;
        var target = fresh.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First();
        if (target.Value >= MovedShare * all && before.GetValueOrDefault(target.Key) <= NewTarget * earlier)
        {
            events.Add(new CampaignEvent(CampaignEventKind.Moved, campaign.Id, nowMs,
                Text($"{campaign.Id} moved to {target.Key}: {(double)target.Value / all:P0} of its new extracting exchanges, before that {(double)before.GetValueOrDefault(target.Key) / earlier:P0}.")));
            return campaign with { AnnouncedModels = now };
        }

        // The baseline follows once as much again was seen, so that a slow move is measured against the recent past.
        return all >= earlier ? campaign with { AnnouncedModels = now } : campaign;
    }

    private static TrackedCampaign Take(TrackedCampaign into, TrackedCampaign part)
    {
        var held = into.Members.Select(member => member.Member).ToHashSet();
        return into with
        {
            Members = [.. into.Members, .. part.Members.Where(member => !held.Contains(member.Member)).Select(member => member with { Current = false })],
            Review = into.Review ?? part.Review,
            FirstSeenMs = Math.Min(into.FirstSeenMs, part.FirstSeenMs),
        };
    }

    private static CampaignMember Member(CampaignAccount account, long nowMs, bool successor) => new()
    {
        Source = account.Source, Id = account.Id, EndUser = account.EndUser, SinceMs = nowMs, HeldMs = nowMs, Probability = account.Probability, ExtractingCount = account.ExtractingCount, Current = true, Successor = successor,
    };

    private static long Ms(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
