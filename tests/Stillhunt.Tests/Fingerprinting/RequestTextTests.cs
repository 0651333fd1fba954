using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Fingerprinting;

public sealed class RequestTextTests
{
    [Fact]
    public void Edges_are_the_first_700_and_last_300_bytes_of_system_prompt_and_last_user_turn_and_the_kept_sample_is_the_same()
    {
        var (text, fingerprinter, random, kept) = (new RequestText(), new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped), new Random(4), 0);
        for (var i = 0; i < 400; i++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 7)).Select(_ => (Role: random.Next(3) switch { 0 => PartRole.System, 1 => PartRole.User, _ => PartRole.Assistant },
                Text: MadeTraffic.Words(random, random.Next(1, 400)))).ToList();
            var exchange = Made(i, parts);
            var plain = Plain(parts);
            Assert.Equal(plain, text.Edges(exchange).ToArray());
            var print = new ExchangeFingerprint();
            fingerprinter.Identify(exchange, "s"u8, (ulong)i, print);
            fingerprinter.FillContent(exchange, print);
            if (print.Text is not { } sample) continue;
            kept++;
            Assert.Equal(plain, sample);
        }

        Assert.True(kept > 10);
    }

    [Fact]
    public void A_request_without_a_user_turn_has_the_system_prompt_alone() =>
        Assert.Equal("Be brief.\n"u8.ToArray(), new RequestText().Edges(Made(0, [(PartRole.System, "Be brief."), (PartRole.Assistant, "Yes.")])).ToArray());

    private static Exchange Made(int number, List<(PartRole Role, string Text)> parts)
    {
        var exchange = new Exchange { TimeMs = 1 };
        exchange.Set(ExchangeField.Id, Encoding.UTF8.GetBytes("e" + number));
        exchange.Set(ExchangeField.Account, "a"u8);
        foreach (var (role, said) in parts) exchange.AddPart(role, Encoding.UTF8.GetBytes(said));
        return exchange;
    }

    /// <summary>The same, said in as few words as there are.</summary>
    private static byte[] Plain(List<(PartRole Role, string Text)> parts)
    {
        var last = parts.FindLastIndex(part => part.Role == PartRole.User);
        var turn = last < 0 ? [] : parts[..(last + 1)].AsEnumerable().Reverse().TakeWhile(part => part.Role == PartRole.User).Reverse();
        return [.. Edges(parts.Where(part => part.Role == PartRole.System)), (byte)'\n', .. Edges(turn)];
    }

    private static byte[] Edges(IEnumerable<(PartRole Role, string Text)> parts)
    {
        var texts = parts.Select(part => part.Text).ToList();
        var joined = Encoding.UTF8.GetBytes(texts.Count == 1 ? texts[0] : string.Concat(texts.Select(text => text + "\n")));
        return joined.Length <= 1000 ? joined : [.. joined[..700], (byte)'\n', .. joined[^300..]];
    }
}
