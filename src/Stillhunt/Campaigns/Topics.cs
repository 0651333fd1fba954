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

    public Topics(Traffic traffic, OwnTemplates templates)
    {
        _traffic = traffic;
        _templates = templates;
        var accounts = new int[Buckets];
        var own = new HashSet<int>();
        foreach (var subject in traffic.Subjects)
        {
            own.Clear();
            for (var i = subject.First; i < subject.End; i++)
                foreach (var word in traffic.Exchanges[i].SlotWords) own.Add(Bucket(word));
            foreach (var bucket in own) accounts[bucket]++;
        }

        for (var b = 0; b < Buckets; b++) _weights[b] = Math.Log2((traffic.Subjects.Count + 1.0) / Math.Max(1, accounts[b]));
    }

    /// <param name="a">An exchange.</param>
    /// <param name="b">Another.</param>
    /// <param name="apart">Words that do not count: a group's own template.</param>
    public Likeness Likeness(int a, int b, HashSet<uint>? apart = null)
    {
        uint[] ofA = _traffic.Exchanges[a].SlotWords, ofB = _traffic.Exchanges[b].SlotWords;
        uint[] ownA = _templates[_traffic.SubjectOf[a]], ownB = _templates[_traffic.SubjectOf[b]];
        Overlap turns = default, items = default;
        int i = 0, j = 0;
        while (i < ofA.Length || j < ofB.Length)
        {
            var step = i == ofA.Length ? 1 : j == ofB.Length ? -1 : ofA[i].CompareTo(ofB[j]);
            var word = step <= 0 ? ofA[i] : ofB[j];
            if (step <= 0) i++;
            if (step >= 0) j++;
            if (apart is not null && apart.Contains(word)) continue;
            turns.Add(step, Weight(word));
            if (Array.BinarySearch(ownA, word) < 0 && Array.BinarySearch(ownB, word) < 0) items.Add(step, Weight(word));
        }

        return new Likeness(turns.Cosine, items.Cosine);
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
