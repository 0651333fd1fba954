using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What is usual, measured without the group in question: sums over all accounts once, from which a group's own part is taken
/// away. An account counts once in means; NaN is unknown.
/// </summary>
internal sealed class Everybody
{
    internal const int BucketsPerOctave = 4;

    private const int BucketCount = 24 * BucketsPerOctave;

    private readonly Traffic _traffic;
    private readonly Population _population;
    private readonly Sums _all;

    private readonly IReadOnlySet<int> _known;

    /// <param name="known">Accounts of campaigns: what they do is no measure of what is usual.</param>
    public Everybody(Traffic traffic, Population population, IReadOnlySet<int> known)
    {
        _traffic = traffic;
        _population = population;
        _known = known;
        _all = Add(Enumerable.Range(0, traffic.Subjects.Count));
    }

    /// <summary>Whether campaigns are left out of it.</summary>
    public bool IsLessCampaigns => _known.Count > 0;

    /// <summary>The same of everybody but the members.</summary>
    public Usual Without(IReadOnlyCollection<int> members)
    {
        var own = Add(members);
        return new Usual
        {
            FollowUp = (_all.FollowUp - own.FollowUp).Mean,
            Daytime = (_all.Daytime - own.Daytime).Mean,
            Interests = (_all.OwnTopics - own.OwnTopics).Mean - (_all.OthersTopics - own.OthersTopics).Mean,
            ItemInterests = (_all.OwnItems - own.OwnItems).Mean - (_all.OthersItems - own.OthersItems).Mean,
            LoadSpread = (_all.LogVolume - own.LogVolume).Deviation,
            AnyTechnique = Rate(own, 0),
            AnyTechniqueWithTools = Rate(own, 1),
            Outputs = [.. Enumerable.Range(0, 2).Select(tools => Less(_all.Outputs[tools], own.Outputs[tools]))],
        };
    }

    /// <summary>Share of everybody else's prompts of one sort that show a technique; NaN under so few that it means nothing.</summary>
    private double Rate(Sums own, int tools)
    {
        var prompts = _all.Prompts[tools] - own.Prompts[tools];
        return prompts < LeastPrompts ? double.NaN : (_all.Shown[tools] - own.Shown[tools]) / (double)prompts;
    }

    internal const int LeastPrompts = 200;

    /// <summary>An agent's request: it reads like a trajectory whoever sends it, and is compared with other agents'.</summary>
    internal static bool UsesTools(ExchangeFingerprint exchange) => exchange.Tools != 0 || exchange.ToolTurns;

    /// <summary>Whether a prompt shows a technique that tells its group apart: that an agent's request reads like a trajectory tells nothing.</summary>
    internal static bool Shows(ExchangeFingerprint exchange)
    {
        for (var t = 0; t < TechniqueIds.LearnedCount; t++)
            if (exchange.Scores[(Technique)t] >= ExchangeScoring.Even && !((Technique)t == Technique.TrajectoryHarvest && UsesTools(exchange))) return true;
        return false;
    }

    private Sums Add(IEnumerable<int> subjects)
    {
        var sums = new Sums();
        foreach (var s in subjects)
        {
            if (_known.Contains(s)) continue;
            var habits = _population[s];
            sums.FollowUp += habits.FollowUp;
            sums.Daytime += habits.Daytime;
            sums.OwnTopics += habits.OwnTopics;
            sums.OthersTopics += habits.OthersTopics;
            sums.OwnItems += habits.OwnItems;
            sums.OthersItems += habits.OthersItems;
            sums.LogVolume += Math.Log(_traffic.Subjects[s].ExchangeCount);
            for (var i = _traffic.Subjects[s].First; i < _traffic.Subjects[s].End; i++)
            {
                var exchange = _traffic.Exchanges[i];
                var tools = UsesTools(exchange) ? 1 : 0;
                if (exchange.OutputTokens > 0) sums.Outputs[tools][Math.Min(BucketCount - 1, (int)(Math.Log2(exchange.OutputTokens) * BucketsPerOctave))]++;
                if (!exchange.HasPrompt) continue;
                sums.Prompts[tools]++;
                if (Shows(exchange)) sums.Shown[tools]++;
            }
        }

        return sums;
    }

    private static long[] Less(long[] all, long[] own)
    {
        var rest = new long[all.Length];
        for (var b = 0; b < rest.Length; b++) rest[b] = all[b] - own[b];
        return rest;
    }

    /// <summary>Count, sum and sum of squares of what is known.</summary>
    private readonly record struct Moments(long Count, double Sum, double Squares)
    {
        public double Mean => Count == 0 ? double.NaN : Sum / Count;
        public double Deviation => Count < 3 ? double.NaN : Math.Sqrt(Math.Max(0, (Squares - (Sum * Sum / Count)) / (Count - 1)));

        public static Moments operator +(Moments a, double x) => double.IsNaN(x) ? a : new(a.Count + 1, a.Sum + x, a.Squares + (x * x));
        public static Moments operator -(Moments a, Moments b) => new(a.Count - b.Count, a.Sum - b.Sum, a.Squares - b.Squares);
    }

    private sealed class Sums
    {
        public Moments FollowUp, Daytime, OwnTopics, OthersTopics, OwnItems, OthersItems, LogVolume;
        public readonly long[] Prompts = new long[2], Shown = new long[2];
        public readonly long[][] Outputs = [new long[BucketCount], new long[BucketCount]];
    }
}

/// <summary>What is usual among the accounts outside a group.</summary>
internal sealed record Usual
{
    public required double FollowUp { get; init; }
    public required double Daytime { get; init; }

    /// <summary>How much more alike two conversations of one account are than those of two accounts.</summary>
    public required double Interests { get; init; }

    /// <summary>The same without the template that each account has for itself.</summary>
    public required double ItemInterests { get; init; }

    public required double LoadSpread { get; init; }

    /// <summary>Among requests without tools, and with.</summary>
    public required double AnyTechnique { get; init; }

    public required double AnyTechniqueWithTools { get; init; }

    /// <summary>Answers by their tokens, in buckets of the logarithm; to requests without tools, and with.</summary>
    public required IReadOnlyList<long[]> Outputs { get; init; }

    /// <summary>The median answer, in tokens, to as many requests with tools as a group has: a step of an agent is short, whoever takes it. NaN where nothing is known.</summary>
    /// <param name="tools">Share of the requests, 0 to 1.</param>
    public double MedianOutput(double tools)
    {
        double plain = Outputs[0].Sum(), agents = Outputs[1].Sum();
        // Of a sort that hardly anybody sends nothing is known: all are one then.
        if (plain < Everybody.LeastPrompts || agents < Everybody.LeastPrompts) tools = agents / (plain + agents);
        double seen = 0;
        for (var b = 0; b < Outputs[0].Length; b++)
        {
            if (plain > 0) seen += (1 - tools) * Outputs[0][b] / plain;
            if (agents > 0) seen += tools * Outputs[1][b] / agents;
            if (seen > 0.5) return Math.Pow(2, (b + 0.5) / Everybody.BucketsPerOctave);
        }

        return double.NaN;
    }
}
