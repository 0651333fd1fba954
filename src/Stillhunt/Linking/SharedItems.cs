using System.Runtime.InteropServices;
using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>
/// Passages that a few owners sent and nobody else: what stands in the slots of prompts and is met again under another account. A text that one account sends again and
/// again is its template, and no item.
/// </summary>
internal sealed class SharedItems
{
    /// <summary>Owners of an item: what more than <see cref="MostOwners"/> have sent is a public text, or a template.</summary>
    private const int LeastOwners = 2, MostOwners = 8;

    /// <summary>Phrases that stand together wherever one of them stands, from which on they are a passage.</summary>
    private const int LeastPhrases = 3;

    /// <summary>Exchanges for each owner at most: best of four, or a question put four times.</summary>
    private const int MostOfOwner = 4;

    private readonly List<int> _exchanges = [];
    private readonly List<(ulong Key, int Start, int Length)> _items = [];

    public int Count => _items.Count;

    /// <summary>The exchanges that hold an item, ascending.</summary>
    public ReadOnlySpan<int> this[int item] => CollectionsMarshal.AsSpan(_exchanges).Slice(_items[item].Start, _items[item].Length);

    /// <summary>Which half of the items this one is in: what groups accounts is done on half 0, all tests on half 1.</summary>
    public int HalfOf(int item) => (int)(_items[item].Key & 1);

    public static SharedItems Find(Traffic traffic, PhraseRows rows, KeyedHash hash, Shares shares)
    {
        var (postings, parts) = PhrasePostings.Of(traffic, rows, _ => true, shares, LeastOwners, MostOwners);
        var passages = new Dictionary<ulong, (int Phrases, int Start, int Length)>();
        var exchanges = new List<int>();
        foreach (var (phrases, held) in shares.Of(parts, part =>
                 {
                     Array.Sort(postings, part.Start, part.Length);
                     return Shared(traffic, hash, postings.AsSpan(part.Start, part.Length));
                 }))
        {
            foreach (var (key, start, length) in phrases)
            {
                ref var passage = ref CollectionsMarshal.GetValueRefOrAddDefault(passages, key, out var known);
                if (!known)
                {
                    passage = (0, exchanges.Count, length);
                    exchanges.AddRange(held.AsSpan(start, length));
                }

                passage.Phrases++;
            }
        }

        var found = new SharedItems();
        foreach (var (key, (phrases, start, length)) in passages.OrderBy(passage => passage.Value.Start))
        {
            if (phrases < LeastPhrases) continue;
            found._items.Add((key, found._exchanges.Count, length));
            found._exchanges.AddRange(CollectionsMarshal.AsSpan(exchanges).Slice(start, length));
        }

        return found;
    }

    /// <summary>The phrases of one part that few owners share, each with a key of the exchanges that hold it, and with these.</summary>
    private static (List<(ulong Key, int Start, int Length)> Phrases, int[] Held) Shared(Traffic traffic, KeyedHash hash, ReadOnlySpan<ulong> postings)
    {
        var phrases = new List<(ulong, int, int)>();
        var held = new List<int>();
        for (int first = 0, end; first < postings.Length; first = end)
        {
            int owners = 0, last = -1;
            for (end = first; end < postings.Length && postings[end] >> 32 == postings[first] >> 32; end++)
            {
                var owner = traffic.OwnerOf((int)(uint)postings[end]);
                if (owner != last) owners++;
                last = owner;
            }

            if (owners is < LeastOwners or > MostOwners || end - first > MostOfOwner * owners) continue;
            var start = held.Count;
            ulong key = 0;
            for (var p = first; p < end; p++)
            {
                var exchange = (int)(uint)postings[p];
                key = hash.Of(key, traffic.IdOf(exchange));
                held.Add(exchange);
            }

            phrases.Add((key, start, end - first));
        }

        return (phrases, [.. held]);
    }
}
