using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Duels;
using Stillhunt.Proving.Suites;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>
/// The world of one run, and one lane of it. Everybody is made in the world; then each goes on in a lane, with all others that he shares anything with, and lanes
/// know nothing of each other. Memory is bounded by the number of accounts, whatever the number of exchanges.
/// </summary>
internal sealed class Simulation
{
    /// <summary>Lanes are part of what a seed means (ids differ by lane), so their number is no setting.</summary>
    public const int LaneCount = 16;

    private readonly PriorityQueue<Actor, (long, int)> _queue = new();
    private readonly List<(Actor Actor, long DueMs)>[] _waiting = [.. Enumerable.Range(0, LaneCount).Select(_ => new List<(Actor, long)>())];
    private readonly Dice _dice;
    private readonly Draft _draft = new();
    private readonly ulong _idKey;
    private readonly TrafficWatch? _watch;
    private LaneOutput? _output;
    private int _order;

    /// <param name="watch">Looks at each exchange while it is made, or null.</param>
    /// <param name="gate">Where requests meet a defender, or null.</param>
    public Simulation(RangeOptions options, TrafficWatch? watch, DuelGate? gate = null)
    {
        Options = options;
        _watch = watch;
        Gate = gate;
        _dice = new Dice(Dice.Mix((ulong)options.Seed) ^ 0x5EED);
        _idKey = _dice.Next();
        StartMs = options.Start.ToUnixTimeMilliseconds();
        EndMs = StartMs + (long)(options.Days * 86_400_000);
        Models = new Models(StartMs + (long)((EndMs - StartMs) * (0.42 + 0.2 * _dice.Fork("launch").Unit())));
        Registry = new Registry(_dice.Fork("registry"), StartMs, EndMs);
        Items = new ItemText(PromptShelf.Read(options.PromptFolder));
        Public = new PublicPrompts(_dice.Fork("public"), this);
    }

    private Simulation(Simulation world, int lane)
    {
        Options = world.Options;
        _watch = world._watch;
        Gate = world.Gate;
        _dice = world._dice;
        // The lane in the highest byte and the count in the lowest five: no two exchanges have one id.
        _idKey = ((Dice.Mix(world._idKey) >> 8) & ~0xFFFFFFFFFFUL) | ((ulong)lane << 56);
        (StartMs, EndMs, Models, Public) = (world.StartMs, world.EndMs, world.Models, world.Public);
        Registry = new Registry(_dice.Fork("registry of a lane").Fork((ulong)lane), StartMs, EndMs);
        Items = world.Items.ForAnotherLane();
        Items.IsWatched = _watch is not null;
        foreach (var (actor, due) in world._waiting[lane]) _queue.Enqueue(actor, (due, _order++));
        world._waiting[lane].Clear();
    }

    public RangeOptions Options { get; }

    /// <summary>Where requests meet a defender; null where there is none.</summary>
    public DuelGate? Gate { get; }

    /// <summary>Before it no operator sends.</summary>
    public long OperatorsFromMs => StartMs + (long)((Gate?.Options.QuietDays ?? 0) * 86_400_000);

    public long StartMs { get; }
    public long EndMs { get; }
    public Models Models { get; }

    /// <summary>In a lane, where nobody signs up any more, a source of new names.</summary>
    public Registry Registry { get; }

    public ItemText Items { get; }
    public PublicPrompts Public { get; }
    public Fill Fill { get; } = new();
    public long ExchangeCount { get; private set; }
    public long ExtractingCount { get; private set; }

    /// <summary>A generator for a named part of the world: parts do not disturb each other.</summary>
    public Dice DiceFor(string part) => _dice.Fork(part);

    /// <param name="lane">Where the actor goes when the world is set up; in a lane it stays in that lane.</param>
    public void Add(Actor actor, long dueMs, int lane)
    {
        if (dueMs >= EndMs) return;
        if (_output is null) _waiting[lane].Add((actor, dueMs));
        else _queue.Enqueue(actor, (dueMs, _order++));
    }

    /// <summary>All actors in lanes; the world is empty then.</summary>
    public Simulation[] Lanes() => [.. Enumerable.Range(0, LaneCount).Select(lane => new Simulation(this, lane))];

    /// <summary>Lets time pass up to a moment, in the order of time.</summary>
    public void RunUntil(long endMs, LaneOutput output)
    {
        _output = output;
        while (_queue.TryPeek(out var actor, out var due) && due.Item1 < endMs)
        {
            var next = actor.Step(this, _draft, due.Item1);
            if (next >= EndMs) _queue.Dequeue();
            else _queue.DequeueEnqueue(actor, (Math.Max(next, due.Item1 + 1), _order++));
        }
    }

    /// <summary>Speaks with an actor's chance, language and interests.</summary>
    public Fill Speaking(Dice dice, Tongue tongue, int[] interests)
    {
        Fill.Dice = dice;
        Fill.Tongue = tongue;
        Fill.Interests = interests;
        return Fill;
    }

    /// <summary>Sends the draft: it gets its address, model and id, is counted for the truth, and written.</summary>
    public void Send(Draft draft, Dice dice)
    {
        var account = draft.Account;
        draft.Address = account.Connection.At(draft.TimeMs, dice);
        draft.Id = Dice.Mix(_idKey ^ (ulong)ExchangeCount);
        Gate?.Meet(draft);
        ExchangeCount++;
        account.ExchangeCount++;
        string? campaign = null;
        if (draft.Extracts && draft.Status < 400)
        {
            account.ExtractingCount++;
            ExtractingCount++;
            campaign = draft.Operator.Length == 0 ? account.Campaign ?? "" : $"{account.Campaign}/{draft.Operator}";
        }

        if (account.Tenants is { } tenants && draft.EndUser is { } user)
        {
            var before = tenants.GetValueOrDefault(user);
            tenants[user] = new TenantCount(before.Exchanges + 1, before.Extracting + (campaign is null ? 0 : 1));
        }

        _watch?.See(draft, Items.TakeWritten());
        _output!.Write(draft, campaign);
    }
}
