using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Suites;

/// <summary>
/// Of the exchanges of one kind (a case, or an honest kind) with an item in them: in how many the item's text is also sent by another account of the same
/// kind, and by an honest account outside of it.
/// </summary>
public sealed record KindRecurrence(string Kind, bool Extracts, long ExchangeCount, Proportion WithinKind, Proportion WithHonest);

/// <summary>Which items turn up in a second account. Items go by the hash of their text, one item in four by hash, so that every item is seen whole or not at all.</summary>
internal sealed class ItemRecurrence
{
    private const ulong SampleMask = 3;
    private readonly List<(ulong Item, Account Account, bool Extracts)> _seen = [];

    public void See(Account account, ulong item, bool extracts)
    {
        if ((item & SampleMask) == 0) _seen.Add((item, account, extracts));
    }

    public IReadOnlyList<KindRecurrence> Tell()
    {
        // Two accounts tell all: is there one that is not this one?
        var inKind = new Dictionary<(ulong, string), (Account First, bool Several)>();
        var honest = new Dictionary<ulong, (Account First, bool Several)>();
        foreach (var (item, account, extracts) in _seen)
        {
            Note(inKind, (item, Of(account, extracts)), account);
            if (account.Campaign is null) Note(honest, item, account);
        }

        return
        [
            .. _seen.GroupBy(s => (Kind: Of(s.Account, s.Extracts), s.Extracts)).OrderByDescending(g => g.Key.Extracts).ThenBy(g => g.Key.Kind, StringComparer.Ordinal)
                .Select(g => new KindRecurrence(g.Key.Kind, g.Key.Extracts, g.LongCount(),
                    new Proportion(g.LongCount(s => Elsewhere(inKind[(s.Item, g.Key.Kind)], s.Account)), g.LongCount()),
                    new Proportion(g.LongCount(s => honest.TryGetValue(s.Item, out var who) && Elsewhere(who, s.Account)), g.LongCount()))),
        ];
    }

    private static string Of(Account account, bool extracts) => account.Campaign is { } campaign ? extracts ? campaign : campaign + " (cover)" : account.Kind;

    private static void Note<TKey>(Dictionary<TKey, (Account First, bool Several)> seen, TKey item, Account account)
        where TKey : notnull
    {
        if (!seen.TryGetValue(item, out var who)) seen.Add(item, (account, false));
        else if (!who.Several && who.First != account) seen[item] = (who.First, true);
    }

    private static bool Elsewhere((Account First, bool Several) who, Account account) => who.Several || who.First != account;
}
