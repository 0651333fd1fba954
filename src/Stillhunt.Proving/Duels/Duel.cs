using Stillhunt.Proving.Formats;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Duels;

/// <summary>
/// Operators who react against a defender who detects and decides. Time passes step by step and lane by lane, on one thread, so that whom a defender meets first
/// depends on nothing but the seed.
/// </summary>
public static class Duel
{
    private const long Hour = 3_600_000;
    private const long DisplacementSpan = 12;

    /// <param name="told">Told after each step how many hours have passed, of how many; or null.</param>
    public static DuelResult Play(DuelOptions options, IDefender defender, Action<double, double>? told = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(defender);
        options.Validate();
        var gate = new DuelGate(defender, options);
        var world = RangeMaker.World(options.Range, null, gate);
        gate.StartMs = world.StartMs;
        var lanes = world.Lanes();
        using var writer = new NativeWriter(null);
        var outputs = lanes.Select(_ => new LaneOutput(writer.Another())).ToArray();
        var desk = new RegistrationDesk(world.Registry.Accounts);
        var curve = new List<DuelMoment>();
        var stepMs = (long)options.Step.TotalMilliseconds;
        for (var now = world.StartMs; now < world.EndMs;)
        {
            cancellation.ThrowIfCancellationRequested();
            var until = Math.Min(world.EndMs, now + stepMs);
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                outputs[lane].Clear();
                lanes[lane].RunUntil(until, outputs[lane]);
            }

            if (desk.News(until) is { } news) defender.Register(news);
            defender.Take(Merged(outputs), until);
            if (until / Hour != now / Hour || until == world.EndMs) curve.Add(Moment(gate, until));
            now = until;
            told?.Invoke((now - world.StartMs) / (double)Hour, (world.EndMs - world.StartMs) / (double)Hour);
        }

        return new DuelResult
        {
            Options = options, ExchangeCount = lanes.Sum(lane => lane.ExchangeCount), AccountCount = world.Registry.Accounts.Count(account => account.ExchangeCount > 0),
            Cases = [.. gate.Cases.Select(book => OutcomeOf(book, world.StartMs))],
            Honest = [.. gate.Honest.Select(book => new HonestOutcome(book.Kind, book.Requests, book.Met, book.Felt, book.AccountsMet, book.AccountsSuspended, book.ByAction) { ByRule = book.ByRule })],
            Curve = curve,
        };
    }

    /// <summary>All lines of a step in the order of time, of equals in that of lanes.</summary>
    private static byte[] Merged(LaneOutput[] outputs)
    {
        var order = outputs.SelectMany(output => output.Index.Select(line => (Output: output, Line: line))).OrderBy(pair => pair.Line.TimeMs).ToList();
        var bytes = new byte[order.Sum(pair => pair.Line.Length)];
        var at = 0;
        foreach (var (output, line) in order)
        {
            output.TextOf(line).CopyTo(bytes.AsSpan(at));
            at += line.Length;
        }

        return bytes;
    }

    private static DuelMoment Moment(DuelGate gate, long now) => new(
        (now - gate.StartMs) / (double)Hour, gate.Cases.Sum(book => book.Obtained), gate.Honest.Sum(book => book.Requests), gate.Honest.Sum(book => book.Met), gate.Honest.Sum(book => book.Felt));

    private static CaseOutcome OutcomeOf(CaseBook book, long startMs) => new()
    {
        Case = book.CaseId, Wanted = book.Wanted, Attempts = book.Attempts, Refused = book.Refused, Stripped = book.Stripped, Before = book.Before, After = book.After,
        FirstSentMs = book.FirstSentMs, FirstSeenMs = book.FirstSeenMs, FirstEffectiveMs = book.FirstEffectiveMs, AccountsUsed = book.AccountsUsed, AccountsBurnt = book.AccountsBurnt,
        Moves = book.MovesMade,
        Displaced = [.. book.FirstOf.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => DisplacementOf(book, pair.Key, pair.Value, startMs))],
    };

    private static Displacement DisplacementOf(CaseBook book, string action, long atMs, long startMs)
    {
        var at = (int)((atMs - startMs) / Hour);
        var began = (int)((book.FirstSentMs!.Value - startMs) / Hour);
        var from = (int)Math.Max(began, at - DisplacementSpan);
        var before = Sum(book, from, at);
        var after = Sum(book, at + 1, (int)(at + 1 + DisplacementSpan));
        var got = after.Sum();
        return new Displacement(action, atMs, before.Sum() == 0 ? null : got / (double)DisplacementSpan / (before.Sum() / (double)Math.Max(1, at - from)),
            [.. after.Select(count => got == 0 ? 0 : (double)count / got)]);
    }

    private static long[] Sum(CaseBook book, int from, int to)
    {
        var sums = new long[CaseBook.OriginCount];
        for (var hour = from; hour < Math.Min(to, book.Hours.Count); hour++)
        {
            for (var origin = 0; origin < sums.Length; origin++) sums[origin] += book.Hours[hour][origin];
        }

        return sums;
    }
}
