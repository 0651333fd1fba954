using System.Text;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

/// <summary>
/// Texts that were built to have one fingerprint. Prints have 32 bits, so whoever knows the key finds pairs by looking through some hundred thousand texts; without the key they are
/// nothing but two texts.
/// </summary>
public sealed class CollisionTests
{
    private static readonly List<(string A, string B)> Pairs = Find();

    [Fact]
    public void Texts_that_were_built_to_collide_under_one_key_are_told_apart_under_another()
    {
        Assert.True(Pairs.Count > 4, $"{Pairs.Count} pairs");
        var other = new KeyedHash(99);
        Assert.All(Pairs, pair =>
        {
            Assert.Equal(Print(pair.A, KeyedHash.Fixed), Print(pair.B, KeyedHash.Fixed));
            Assert.NotEqual(Print(pair.A, other), Print(pair.B, other));
        });
    }

    [Fact]
    public void Accounts_whose_ids_and_texts_collide_are_scanned_each_and_make_no_campaign()
    {
        var traffic = new MadeTraffic();
        var line = 0;
        for (var round = 0; round < 12; round++)
        {
            foreach (var (a, b) in Pairs)
            {
                foreach (var text in new[] { a, b })
                    traffic.Send(text, text, id: MadeTraffic.Number(++line), ms: line * 60_000L, client: text, endUser: text, system: text);
            }
        }

        var result = Pipeline.Detect(traffic.Finish(), null, KeyedHash.Fixed);
        Assert.Equal((line, 2 * Pairs.Count), (result.Scanned.ExchangeCount, result.Scanned.AccountCount));
        Assert.Empty(result.Campaigns);
        Assert.Empty(result.Suspected);
    }

    private static List<(string A, string B)> Find()
    {
        var seen = new Dictionary<uint, string>();
        var pairs = new List<(string, string)>();
        for (var i = 0; i < 250_000; i++)
        {
            var text = "item " + MadeTraffic.Number(i);
            if (!seen.TryAdd(Print(text, KeyedHash.Fixed), text)) pairs.Add((seen[Print(text, KeyedHash.Fixed)], text));
        }

        return pairs;
    }

    /// <summary>A hash as fingerprints keep it: both halves folded into one.</summary>
    private static uint Print(string text, KeyedHash hash) => hash.Of(Encoding.UTF8.GetBytes(text)) is var h ? (uint)(h >> 32) ^ (uint)h : 0;
}
