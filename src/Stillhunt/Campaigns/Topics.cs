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

    public Topics(Traffic traffic)
    {
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

    /// <param name="apart">Words that do not count: a group's own template.</param>
    public double Likeness(uint[] a, uint[] b, HashSet<uint>? apart = null)
    {
        double both = 0, ofA = 0, ofB = 0;
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            var step = i == a.Length ? 1 : j == b.Length ? -1 : a[i].CompareTo(b[j]);
            var word = step <= 0 ? a[i] : b[j];
            var weight = apart is not null && apart.Contains(word) ? 0 : Weight(word);
            if (step == 0) both += weight;
            if (step <= 0)
            {
                ofA += weight;
                i++;
            }

            if (step >= 0)
            {
                ofB += weight;
                j++;
            }
        }

        return both == 0 ? 0 : both / Math.Sqrt(ofA * ofB);
    }

    private double Weight(uint word) => _weights[Bucket(word)];

    private static int Bucket(uint word) => (int)(word % Buckets);
}
