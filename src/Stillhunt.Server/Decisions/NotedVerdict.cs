using System.Text.Json;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Decisions;

/// <summary>A campaign's verdict on an account, as far as the audit trail tells one from the next.</summary>
internal readonly record struct NotedVerdict(string? Campaign, string Rule, VerdictState State)
{
    private const int PageLength = 1000;

    public static NotedVerdict Of(Verdict verdict) => new(verdict.Campaign, verdict.Rule, verdict.State);

    /// <summary>Those that began in the trail and did not end. Verdicts of access rules are not among them: they are asked request by request.</summary>
    public static IReadOnlyDictionary<AccountId, NotedVerdict> Standing(IAuditStore trail)
    {
        var standing = new Dictionary<AccountId, NotedVerdict>();
        IReadOnlyList<AuditRecord> page;
        for (long last = 0; (page = trail.After(last, PageLength)).Count > 0; last = page[^1].Seq)
            foreach (var record in page.Where(record => record.Entry.Kind is "verdict" or "verdict-ended")) Read(record.Entry, standing);
        return standing;
    }

    private static void Read(AuditEntry entry, Dictionary<AccountId, NotedVerdict> standing)
    {
        using var json = JsonDocument.Parse(entry.Body);
        var body = json.RootElement;
        if (body.GetProperty("campaign").GetString() is not { } campaign) return;
        var rule = body.GetProperty("rule").GetString()!;
        VerdictState? began = entry.Kind == "verdict" ? VerdictJson.State(body.GetProperty("state").GetString()!) : null;
        foreach (var named in body.GetProperty("accounts").EnumerateArray())
        {
            var account = new AccountId(named.GetProperty("source").GetString()!, named.GetProperty("id").GetString()!);
            if (began is { } state) standing[account] = new NotedVerdict(campaign, rule, state);
            else if (standing.TryGetValue(account, out var noted) && (noted.Campaign, noted.Rule) == (campaign, rule)) standing.Remove(account);
        }
    }
}
