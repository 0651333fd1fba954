using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What requests are about: how alike the content words of two last turns are, 0 to 1. A word weighs by how few accounts use it (inverse
/// document frequency, Spärck Jones, 1972), so that two questions about one rare thing are alike and two that both say
/// "please write" are not.
/// </summary>
internal sealed class Topics
{
    /// <summary>Buckets of the table of words; two words in one bucket count as one, which only makes both a little commoner.</summary>
    private const int Buckets = 1 << 20;

    /// <summary>For each bucket what its words weigh.</summary>
    private readonly double[] _weights = new double[Buckets];

    private readonly Traffic _traffic;
    private readonly OwnTemplates _templates;

    public Topics(Traffic traffic, OwnTemplates templates, Shares shares)
    {
        _traffic = traffic;
        _templates = templates;
        var accounts = new int[shares.SliceCount][];
        shares.Slices(traffic.Subjects.Count, (slice, from, to) => accounts[slice] = Accounts(from, to));
        shares.Slices(Buckets, (_, from, to) =>
        {
            for (var b = from; b < to; b++)
            {
                var all = 0;
                foreach (var counts in accounts) all += counts[b];
                _weights[b] = Math.Log2((traffic.Subjects.Count + 1.0) / Math.Max(1, all));
            }
        });
    }

    /// <summary>For each bucket how many of some accounts use a word of it.</summary>
    private int[] Accounts(int from, int to)
    {
        var counts = new int[Buckets];
        var last = new int[Buckets];
        for (var s = from; s < to; s++)
        {
            for (var i = _traffic.Subjects[s].First; i < _traffic.Subjects[s].End; i++)
            {
                foreach (var word in _traffic.Exchanges[i].SlotWords)
                {
                    var bucket = Bucket(word);
                    if (last[bucket] == s + 1) continue;
                    last[bucket] = s + 1;
                    counts[bucket]++;
                }
            }
        }

        return counts;
    }

    /// <param name="a">An exchange.</param>
    /// <param name="b">Another.</param>
    /// <param name="apart">Words that do not count: a group's own template.</param>
    public Likeness Likeness(int a, int b, WordSet? apart = null)
    {
        uint[] ofA = _traffic.Exchanges[a].SlotWords, ofB = _traffic.Exchanges[b].SlotWords;
        uint[] ownA = _templates[_traffic.SubjectOf[a]], ownB = _templates[_traffic.SubjectOf[b]];
        var isPlain = ownA.Length == 0 && ownB.Length == 0;
        Overlap turns = default, items = default;
        int i = 0, j = 0, atOwnA = 0, atOwnB = 0;
        while (i < ofA.Length || j < ofB.Length)
        {
            var step = i == ofA.Length ? 1 : j == ofB.Length ? -1 : ofA[i].CompareTo(ofB[j]);
            var word = step <= 0 ? ofA[i] : ofB[j];
            if (step <= 0) i++;
            if (step >= 0) j++;
            if (apart is not null && apart.Contains(word)) continue;
            var weight = Weight(word);
            turns.Add(step, weight);
            if (isPlain) continue;
            // Both, or the second would fall behind.
            if (!IsAt(ownA, ref atOwnA, word) & !IsAt(ownB, ref atOwnB, word)) items.Add(step, weight);
        }

        var alike = turns.Cosine;
        return new Likeness(alike, isPlain ? alike : items.Cosine);

        // Words come ascending, and so do those of a template.
        static bool IsAt(uint[] own, ref int at, uint word)
        {
            while (at < own.Length && own[at] < word) at++;
            return at < own.Length && own[at] == word;
        }
    }

    /// <summary>Weight of words that one turn, the other, or both use.</summary>
    private struct Overlap
    {
        private double _both, _ofA, _ofB;

        public readonly double Cosine => _both == 0 ? 0 : _both / Math.Sqrt(_ofA * _ofB);

        /// <param name="side">Below 0 for a word of the first, above for one of the second, 0 for both.</param>
        public void Add(int side, double weight)
        {
            if (side <= 0) _ofA += weight;
            if (side >= 0) _ofB += weight;
            if (side == 0) _both += weight;
        }
    }

    private double Weight(uint word) => _weights[Bucket(word)];

    private static int Bucket(uint word) => (int)(word % Buckets);
}

/// <summary>How alike two turns are, 0 to 1.</summary>
/// <param name="Turns">In all their words.</param>
/// <param name="Items">In what is left without the templates that each account has for itself (<see cref="OwnTemplates"/>).</param>
internal readonly record struct Likeness(double Turns, double Items)
{
    public static Likeness operator +(Likeness a, Likeness b) => new(a.Turns + b.Turns, a.Items + b.Items);
    public static Likeness operator -(Likeness a, Likeness b) => new(a.Turns - b.Turns, a.Items - b.Items);
    public static Likeness operator /(Likeness a, double n) => new(a.Turns / n, a.Items / n);
}
