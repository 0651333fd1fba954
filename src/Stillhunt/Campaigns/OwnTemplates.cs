using System.Runtime.InteropServices;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Words of a template that one account has for itself: what stands in so many of its turns that it is no item of a list. A subject that somebody keeps coming back to
/// looks the same, so what is left without them can't show that accounts have one list; but it can show that only their templates tell them apart.
/// </summary>
internal sealed class OwnTemplates
{
    /// <summary>Share of an account's different turns, and their least number, from which on a word is of its template: one that has several has each in few of them (docs/decisions/0008).</summary>
    private const double TemplateShare = 0.12;

    private const int LeastTurns = 3;

    /// <summary>Under so many different turns nothing is known of an account's template; more than so many are not looked at.</summary>
    private const int FewTurns = 3, MostTurns = 64;

    /// <summary>For each account its words, ascending.</summary>
    private readonly uint[]?[] _words;

    public OwnTemplates(Traffic traffic)
    {
        var counts = new Dictionary<uint, int>();
        var turns = new HashSet<uint>();
        _words = new uint[traffic.Subjects.Count][];
        for (var s = 0; s < _words.Length; s++)
        {
            counts.Clear();
            turns.Clear();
            for (var i = traffic.Subjects[s].First; i < traffic.Subjects[s].End && turns.Count < MostTurns; i++)
            {
                var exchange = traffic.Exchanges[i];
                if (exchange.SlotWords.Length == 0 || !turns.Add(exchange.User)) continue;
                foreach (var word in exchange.SlotWords) CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
            }

            _words[s] = turns.Count < FewTurns ? null : [.. counts.Where(pair => pair.Value >= Math.Max(LeastTurns, TemplateShare * turns.Count)).Select(pair => pair.Key).Order()];
        }
    }

    /// <summary>The words of an account's template, ascending; none where it is not known.</summary>
    public uint[] this[int subject] => _words[subject] ?? [];

    public bool IsKnown(int subject) => _words[subject] is not null;
}
