using Stillhunt.Proving.Text;

namespace Stillhunt.Proving;

/// <summary>In whose form the traffic is written.</summary>
public enum TrafficFormat
{
    Native, LiteLlm, Bedrock, Otlp,
}

/// <summary>What the operators do to stay unseen; each can be turned on alone or with others.</summary>
[Flags]
public enum Evasions
{
    None = 0,

    /// <summary>A residential address, a virtual card and a client of its own for each account.</summary>
    DisjointInfrastructure = 1 << 0,

    /// <summary>Sentences vary in their words, not only in their order.</summary>
    Paraphrase = 1 << 1,

    /// <summary>Templates in several languages.</summary>
    Languages = 1 << 2,

    /// <summary>A template of its own for each account.</summary>
    PrivateTemplates = 1 << 3,

    /// <summary>Half of each account's traffic is ordinary talk.</summary>
    Dilution50 = 1 << 4,
    Dilution90 = 1 << 5,
    Dilution95 = 1 << 6,

    /// <summary>About four extracting requests an account.</summary>
    LowAndSlow = 1 << 7,

    /// <summary>Accounts work at people's hours of their country.</summary>
    HumanHours = 1 << 8,

    /// <summary>Accounts differ in load as people do.</summary>
    UnequalLoads = 1 << 9,

    /// <summary>Accounts are used for a day or two and then replaced from a reserve.</summary>
    Rotation = 1 << 10,

    /// <summary>Accounts are old and many are verified.</summary>
    AgedVerified = 1 << 11,

    /// <summary>Clients of honest programs, with their real handshake.</summary>
    CopiedClients = 1 << 12,

    /// <summary>Random ordinary text beside the request.</summary>
    Padding = 1 << 13,

    /// <summary>One fixed text in each request.</summary>
    FixedWrapper = 1 << 14,

    /// <summary>Several model sizes instead of the largest.</summary>
    ModelTiers = 1 << 15,

    /// <summary>Each item goes out once: one answer to each, none dealt by mistake a second time, and what failed is not asked again.</summary>
    DealtOnce = 1 << 16,
}

/// <summary>What to make. The same options give the same bytes.</summary>
public sealed record RangeOptions
{
    /// <summary>The scale of the demo: each case at its smallest realistic size.</summary>
    public const double DemoScale = 0.0003;

    public string Scenario { get; init; } = RangeScenario.DocumentedId;

    /// <summary>The share of a case's published size (two-pools: of a tenth of it). Below a case's floor the floor counts. Default 0.0003.</summary>
    public double Scale { get; init; } = DemoScale;

    public long Seed { get; init; } = 1;

    /// <summary>Honest accounts; null = as many as make honest exchanges about three times the extracting ones, and at least 800.</summary>
    public int? HonestAccounts { get; init; }

    /// <summary>Days of traffic. Default 5.</summary>
    public double Days { get; init; } = 5;

    /// <summary>The first moment. Default Monday, 2026-03-02 00:00 UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public TrafficFormat Format { get; init; } = TrafficFormat.Native;

    public Evasions Evasions { get; init; }

    /// <summary>A folder of JSONL with real prompts, drawn from by operators and honest people alike; null = none.</summary>
    public string? PromptFolder { get; init; }

    /// <summary>Also list every extracting exchange id in the truth. Default false.</summary>
    public bool TruthExchanges { get; init; }

    /// <summary>Write traffic.jsonl.gz instead of traffic.jsonl. Default false.</summary>
    public bool Compress { get; init; }

    /// <exception cref="RangeUsageException">With all faults at once.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (RangeScenario.All.All(s => s.Id != Scenario)) faults.Add($"There is no scenario '{Scenario}'; there are {string.Join(", ", RangeScenario.All.Select(s => s.Id))}.");
        if (!(Scale > 0 && Scale <= 10)) faults.Add("The scale must lie above 0 and not above 10.");
        if (!(Days is >= 1 and <= 400)) faults.Add("The days must lie between 1 and 400.");
        if (HonestAccounts is < 0) faults.Add("The number of honest accounts must not be negative.");
        if (PromptFolder is not null && !Directory.Exists(PromptFolder)) faults.Add($"The folder of prompts '{PromptFolder}' does not exist.");
        else if (PromptFolder is not null && !PromptShelf.HoldsAny(PromptFolder)) faults.Add($"The folder of prompts '{PromptFolder}' holds none that can be used: {PromptShelf.Usable}");
        if (faults.Count > 0) throw new RangeUsageException(string.Join(" ", faults));
    }
}
