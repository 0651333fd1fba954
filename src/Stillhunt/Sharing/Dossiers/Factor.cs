using Stillhunt.Campaigns;

namespace Stillhunt.Sharing.Dossiers;

/// <summary>
/// A factor from which the purpose of querying may be inferred, as H.R. 8283 (as introduced, 15 April 2026; a bill, not law), section 3(11)(B), lists them, and
/// the evidence rows that speak to it. A factor is a reason to look, never proof: each has an honest twin.
/// </summary>
internal sealed record Factor(string Clause, string Name, string Twin, IReadOnlyList<string> Kinds, IReadOnlyList<string> Needs)
{
    public static IReadOnlyList<Factor> All { get; } =
    [
        new("(i)", "Volume", "a batch job, the days after a launch", ["long-answers"], []),
        new("(i)", "Structure", "the templates of one product", ["shared-pool", "slot-variety", "no-follow-up"], ["prompt"]),
        new("(i)", "Pattern", "an evaluation harness", ["own-interests", "kept-words", "breadth", "balanced-load", "re-run"], ["prompt"]),
        new("(i)", "Coordination", "one company with many seats", ["lockstep", "hand-over", "dealt-twice", "dealt-across", "one-hand", "left-out"], []),
        new("(i)", "Timing", "scheduled jobs of one region", ["daytime"], []),
        new("(ii)", "Concentration on specific capabilities", "a specialised product", ["technique", "handle-replay"], ["prompt"]),
        new("(iii)", "Several accounts used in a coordinated way", "a class, a hackathon, an agency", ["scattered", "payment", "phone", "email-shape", "email-domain", "referrer", "created", "ip", "network", "asn", "client", "tls", "headers", "shape", "tools", "reasoning-handle", "intelligence"], []),
        new("(iv)", "Correlation with another model's development", "everybody tries a new model", [], []),
    ];

    public IEnumerable<EvidenceRow> RowsOf(Campaign campaign) => campaign.Evidence.Where(row => Kinds.Contains(row.Kind));
}
