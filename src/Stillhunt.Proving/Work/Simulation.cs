using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Suites;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>
/// The world of one run: all actors in the order of their next step, so that traffic comes out in time order and memory is bounded
/// by the number of accounts, whatever the number of exchanges.
/// </summary>
internal sealed class Simulation
{
    private readonly PriorityQueue<Actor, (long, int)> _queue = new();
    private readonly TrafficWriter _writer;
    private readonly Dice _dice;
    private readonly Draft _draft = new();
    private readonly ulong _idKey;
    private int _order;

    public Simulation(RangeOptions options, TrafficWriter writer)
    {
        Options = options;
        _writer = writer;
        _dice = new Dice(Dice.Mix((ulong)options.Seed) ^ 0x5EED);
        _idKey = _dice.Next();
        StartMs = options.Start.ToUnixTimeMilliseconds();
        EndMs = StartMs + (long)(options.Days * 86_400_000);
        Models = new Models(StartMs + (long)((EndMs - StartMs) * (0.42 + 0.2 * _dice.Fork("launch").Unit())));
        Registry = new Registry(_dice.Fork("registry"), StartMs, EndMs);
        Items = new ItemText(PromptShelf.Read(options.PromptFolder));
        Public = new PublicPrompts(_dice.Fork("public"), this);
    }

    public RangeOptions Options { get; }
    public long StartMs { get; }
    public long EndMs { get; }
    public Models Models { get; }
    public Registry Registry { get; }
    public ItemText Items { get; }
    public PublicPrompts Public { get; }
    public Fill Fill { get; } = new();
    public long ExchangeCount { get; private set; }
    public long ExtractingCount { get; private set; }

    /// <summary>Who looks on while exchanges are made, or null.</summary>
    public TrafficWatch? Watch { get; init; }

    /// <summary>Where extracting exchange ids are listed, if asked for.</summary>
    public Action<ulong, string>? Extracted { get; init; }

    /// <summary>A generator for a named part of the world: parts do not disturb each other.</summary>
    public Dice DiceFor(string part) => _dice.Fork(part);

    public void Add(Actor actor, long dueMs)
    {
        if (dueMs < EndMs) _queue.Enqueue(actor, (dueMs, _order++));
    }

    public void Run()
    {
        Items.IsWatched = Watch is not null;
        Items.TakeWritten();
        while (_queue.TryDequeue(out var actor, out var due))
        {
            var next = actor.Step(this, _draft, due.Item1);
            if (next < EndMs) _queue.Enqueue(actor, (Math.Max(next, due.Item1 + 1), _order++));
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
        ExchangeCount++;
        account.ExchangeCount++;
        if (draft.Extracts && draft.Status < 400)
        {
            account.ExtractingCount++;
            ExtractingCount++;
            Extracted?.Invoke(draft.Id, draft.Operator.Length == 0 ? account.Campaign ?? "" : $"{account.Campaign}/{draft.Operator}");
        }

        if (account.Tenants is { } tenants && draft.EndUser is { } user)
        {
            var before = tenants.GetValueOrDefault(user);
            tenants[user] = new TenantCount(before.Exchanges + 1, before.Extracting + (draft.Extracts && draft.Status < 400 ? 1 : 0));
        }

        Watch?.See(draft, Items.TakeWritten());
        _writer.Write(draft);
    }
}
