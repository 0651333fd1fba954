using System.Runtime.InteropServices;
using Stillhunt.Fingerprinting;
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

    public OwnTemplates(Traffic traffic, Shares shares) =>
        _words = shares.Of(traffic.Subjects, () => new Counting(), (counting, subject) => counting.Of(traffic.Exchanges.AsSpan(subject.First, subject.SampleCount)));

    /// <summary>One account after the other.</summary>
    private sealed class Counting
    {
        private readonly Dictionary<uint, int> _counts = [];
        private readonly HashSet<uint> _turns = [];

        public uint[]? Of(ReadOnlySpan<ExchangeFingerprint> exchanges)
        {
            _counts.Clear();
            _turns.Clear();
            foreach (var exchange in exchanges)
            {
                if (_turns.Count == MostTurns) break;
                if (exchange.SlotWords.Length == 0 || !_turns.Add(exchange.User)) continue;
                foreach (var word in exchange.SlotWords) CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _)++;
            }

            if (_turns.Count < FewTurns) return null;
            var least = Math.Max(LeastTurns, TemplateShare * _turns.Count);
            return [.. _counts.Where(pair => pair.Value >= least).Select(pair => pair.Key).Order()];
        }
    }

    /// <summary>The words of an account's template, ascending; none where it is not known.</summary>
    public uint[] this[int subject] => _words[subject] ?? [];

    public bool IsKnown(int subject) => _words[subject] is not null;
}
