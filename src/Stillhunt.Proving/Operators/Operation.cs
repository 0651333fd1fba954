using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Duels;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>How one operator works: what it asks, with how many accounts of what kind, when, and what it does to stay unseen.</summary>
internal sealed record Operation
{
    public required string CaseId { get; init; }
    public required WorkLine[] Lines { get; init; }
    public required int Exchanges { get; init; }
    public required int Accounts { get; init; }

    /// <summary>The accounts are another firm's: the operator has no more of them, and no say in what they are.</summary>
    public bool IsTenant { get; init; }

    /// <summary>Makes one account; the number tells the pool or group it belongs to.</summary>
    public required Func<int, Account> SignUp { get; init; }

    /// <summary>Tells operations on the same accounts apart; empty for the only one.</summary>
    public string Label { get; init; } = "";

    /// <summary>What writes the requests and where the items come from, where the lines of work are not all: made from the composer of those lines.</summary>
    public Func<ExtractionComposer, Simulation, Dice, (Composer Composer, Func<Dice, WorkItem>? Items)>? Around { get; init; }

    public Wording Wording { get; init; } = new();
    public double FromShare { get; init; }
    public double ToShare { get; init; } = 0.99;
    public Func<Account, Dice, Rhythm>? Hours { get; init; }
    public double CoverShare { get; init; }

    /// <summary>What the cover is: ordinary talk by default.</summary>
    public Func<Simulation, Account, Dice, Talk>? Cover { get; init; }

    public double PaceSigma { get; init; } = 0.08;
    public double FollowUpShare { get; init; }
    public double BestOfShare { get; init; } = 0.05;

    /// <summary>Whether no item goes out a second time, whatever became of it.</summary>
    public bool DealsOnce { get; init; }

    /// <summary>All workers start when a batch is released: batches a day; 0 = no batches.</summary>
    public double ReleasesPerDay { get; init; }

    public int DailyLimit { get; init; }
    public Func<Dice, int>? Budget { get; init; }
    public bool ReplaysHandles { get; init; }
    public double RefusalShare { get; init; } = 0.02;
    public double ThrottledShare { get; init; } = 0.02;

    /// <summary>Accounts beyond the first ones that stand ready.</summary>
    public int Reserve { get; init; }

    public double LifetimeMs { get; init; }
    public double ReplaceAfterMs { get; init; } = 1_800_000;

    /// <summary>What takes accounts of one's own.</summary>
    private const Evasions OfAccounts = Evasions.DisjointInfrastructure | Evasions.LowAndSlow | Evasions.Rotation | Evasions.AgedVerified | Evasions.CopiedClients | Evasions.ModelTiers;

    private const double LongestPauseMs = 2_400_000;
    private const double MeanLatencyMs = 16_000;

    /// <summary>The operation with the evasions that are turned on.</summary>
    public Operation With(Evasions evasions, Simulation simulation, Dice dice)
    {
        var it = this with { Wording = Wording with { Counts = dice.Chance(0.25), NamesConversations = dice.Chance(0.4) } };
        if (IsTenant) evasions &= ~OfAccounts;
        if (evasions == Evasions.None) return it;
        var wording = it.Wording;
        if (evasions.HasFlag(Evasions.Paraphrase)) wording = wording with { Spread = Spread.Paraphrasing, Voices = Math.Max(2, wording.Voices) };
        if (evasions.HasFlag(Evasions.PrivateTemplates)) wording = wording with { PrivateTemplates = true, Voices = 1 };
        if (evasions.HasFlag(Evasions.Padding)) wording = wording with { PaddedShare = 0.7 };
        if (evasions.HasFlag(Evasions.FixedWrapper)) wording = wording with { Spread = Spread.Fixed, Voices = 1, Layout = Layout.AllInTurn, Counts = false };
        it = it with { Wording = wording };
        if (evasions.HasFlag(Evasions.FixedWrapper)) it = it with { Lines = [it.Lines[0] with { Share = 1 }], FollowUpShare = 0 };
        if (evasions.HasFlag(Evasions.Languages)) it = it with { Lines = [.. it.Lines.Select(l => l with { Languages = [.. l.Languages.Concat(["en", "zh", "fr", "de", "es", "ru", "ja"]).Distinct()] })] };
        var cover = evasions.HasFlag(Evasions.Dilution95) ? 0.95 : evasions.HasFlag(Evasions.Dilution90) ? 0.9 : evasions.HasFlag(Evasions.Dilution50) ? 0.5 : 0;
        if (cover > it.CoverShare)
        {
            var (budget, before) = (it.Budget, it.CoverShare);
            it = it with { CoverShare = cover, Budget = budget is null ? null : d => (int)(budget(d) * (1 - before) / (1 - cover)) };
        }

        if (evasions.HasFlag(Evasions.LowAndSlow))
            it = it with { Accounts = Math.Max(it.Accounts, it.Exchanges / 4), Budget = d => 1 + (int)((1 + d.Poisson(3)) / (1 - cover)), ReleasesPerDay = 0 };
        if (evasions.HasFlag(Evasions.HumanHours)) it = it with { Hours = (a, d) => Rhythm.LongHours(a.Country.HoursFromUtc, d), ReleasesPerDay = 0 };
        if (evasions.HasFlag(Evasions.UnequalLoads)) it = it with { PaceSigma = 1.1 };
        if (evasions.HasFlag(Evasions.Rotation)) it = it with { Reserve = Math.Max(it.Reserve, it.Accounts * 2), LifetimeMs = 1.2 * 86_400_000 };
        if (evasions.HasFlag(Evasions.DealtOnce)) it = it with { DealsOnce = true, BestOfShare = 0 };
        return it with { SignUp = Disguise.Over(it.SignUp, evasions, simulation, dice) };
    }

    /// <summary>What writes the requests, with wording of its own by the chance given, and where its items come from.</summary>
    public (Composer Writes, Func<Dice, WorkItem> Items) ComposerFor(Simulation simulation, Dice dice)
    {
        var composer = new ExtractionComposer(Lines, Wording, dice.Fork("voices"))
        {
            ReplaysHandles = ReplaysHandles,
            RefusalShare = RefusalShare,
            MedianTokens = dice.LogNormal(850, 0.25),
        };
        var (writes, source) = Around?.Invoke(composer, simulation, dice.Fork("around")) ?? (composer, null);
        return (writes, source ?? composer.NextItem);
    }

    public void Enter(Simulation simulation, Dice dice)
    {
        var span = simulation.EndMs - simulation.OperatorsFromMs;
        var from = simulation.OperatorsFromMs + (long)(FromShare * span);
        var to = simulation.OperatorsFromMs + (long)(ToShare * span);
        var (writes, source) = ComposerFor(simulation, dice);

        const int BestOf = 4;
        var sendsPerItem = (1 + BestOfShare * (BestOf - 1)) / (1 - FollowUpShare);
        var items = (long)Math.Max(1, Exchanges / sendsPerItem);
        var releases = ReleasesPerDay * (to - from) / 86_400_000.0;
        var list = new WorkList(items, source, dice.Fork("list"))
        {
            BestOfShare = BestOfShare,
            BestOf = BestOf,
            DuplicateShare = DealsOnce ? 0 : 0.01,
            TakesBack = !DealsOnce,
            FirstReleaseMs = from,
            ReleaseEveryMs = ReleasesPerDay > 0 ? (long)(86_400_000 / ReleasesPerDay * (0.9 + 0.2 * dice.Unit())) : 0,
            ReleaseSize = ReleasesPerDay > 0 ? Math.Max(1, (long)(items / Math.Max(1, releases - 1))) : 0,
        };

        // Who reacts opens accounts when it needs them, and loses them to the defender alone.
        var accounts = Enumerable.Range(0, simulation.Gate is null || LifetimeMs > 0 ? Accounts + Reserve : Accounts).Select(SignUp).ToList();
        if (simulation.Gate is not null)
        {
            foreach (var account in accounts) account.ClosedMs = null;
        }

        var open = accounts.Take(Accounts).Average(a => Hours?.Invoke(a, dice).OpenShare ?? 1);
        var sends = Exchanges / Math.Max(0.02, 1 - CoverShare);
        // Batches are worked off in a fraction of the time between them.
        var active = (to - from) * open * (ReleasesPerDay > 0 ? 0.35 : 0.86);
        var pause = Math.Max(300, (active * Accounts / sends - MeanLatencyMs) / 1.13);
        // An account with a budget spends it in about a third of the window.
        if (Budget is not null) pause = Math.Min(LongestPauseMs, (to - from) * open * 0.35 * Accounts / sends);
        var crew = new Crew
        {
            List = list,
            Composer = writes,
            Label = Label,
            Hours = Hours,
            PauseMs = pause,
            DailyLimit = DailyLimit,
            Budget = Budget,
            FollowUpShare = FollowUpShare,
            ThrottledShare = ThrottledShare,
            Extracts = true,
            CoverShare = CoverShare,
            Cover = Cover ?? ((s, a, d) => new CasualTalk(s, d, Countries.LanguageOf(a.Country, d))),
            EndMs = to,
            PaceSigma = PaceSigma,
            LifetimeMs = LifetimeMs,
            ReplaceAfterMs = ReplaceAfterMs,
        };
        if (simulation.Gate is { } gate) crew.Mind = new OperatorMind(this, crew, simulation, gate, dice.Fork("mind"));
        for (var i = Accounts; i < accounts.Count; i++) crew.Reserve.Enqueue(accounts[i]);
        for (var i = 0; i < Accounts; i++)
        {
            // With a budget an account's few requests fall anywhere in the window; else the workers are started within an hour or two.
            var due = from + (long)(Budget is not null ? dice.Unit() * (to - from) * (CoverShare > 0.4 ? 0.5 : 0.9) : dice.Unit() * 5_400_000);
            crew.Start(simulation, accounts[i], due);
        }
    }
}
