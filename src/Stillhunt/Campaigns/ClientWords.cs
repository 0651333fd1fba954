using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>How many unlinked owners use each word of a client's name in theirs.</summary>
internal sealed class ClientWords
{
    private const int MostCounted = 64;

    private readonly Dictionary<ulong, HashSet<int>> _owners = [];
    private readonly Word[] _words = new Word[256];

    /// <param name="name">The clear text of a client's hash, or null.</param>
    public ClientWords(Traffic traffic, Func<uint, string?> name, UnlinkedOwners owners)
    {
        var met = new HashSet<(uint, int)>();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            var (client, owner) = (traffic.Exchanges[i].Client, owners.Of(traffic.SubjectOf[i]));
            if (client == 0 || !met.Add((client, owner))) continue;
            if (name(client) is not { } text) continue;
            var count = SharedWords.Scan(Encoding.UTF8.GetBytes(text), _words);
            for (var w = 0; w < count; w++)
            {
                if (!_owners.TryGetValue(_words[w].Hash, out var set)) _owners.Add(_words[w].Hash, set = []);
                if (set.Count < MostCounted) set.Add(owner);
            }
        }
    }

    /// <summary>Owners of the rarest word; 0 for a text without words.</summary>
    public long Owners(string client)
    {
        var count = SharedWords.Scan(Encoding.UTF8.GetBytes(client), _words);
        return count == 0 ? 0 : _words.AsSpan(0, count).ToArray().Min(word => (long)(_owners.GetValueOrDefault(word.Hash)?.Count ?? 0));
    }
}
