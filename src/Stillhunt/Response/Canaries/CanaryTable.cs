using System.Collections.Frozen;

namespace Stillhunt.Response.Canaries;

/// <summary>
/// The published pairs. A change of a pair's words or conditions makes a new <see cref="Version"/>: an answer is tested by the table that it was served under.
/// What is left out matters more than what is in: nothing that differs in strength (however, nevertheless), in register (contractions), in a science (significantly,
/// completely, with respect to), or in permission (allow, enable), and nothing of which one form has a second sense (treated roughly, tied together with, stands apart from).
/// </summary>
internal static class CanaryTable
{
    public const int Version = 1;

    /// <summary>Longest form in words; with the word behind it, what a stream holds back.</summary>
    public const int MostWords = 4;

    public static IReadOnlyList<CanaryPair> Pairs { get; } =
    [
        Opening("therefore", "thus"),
        Opening("additionally", "in addition"),
        Opening("furthermore", "moreover"),
        Opening("similarly", "likewise"),
        Opening("as a result", "consequently"),
        Opening("in general", "generally"),
        Opening("in contrast", "by contrast"),
        Opening("nevertheless", "nonetheless"),
        Opening("in summary", "to summarize"),
        Opening("in conclusion", "to conclude"),
        Opening("for example", "for instance"),
        Opening("in other words", "put differently"),
        Opening("in short", "in brief"),
        Opening("currently", "at present"),
        // Not where a list goes on in the same sentence: "First, second and third place".
        Opening("first", "firstly") with { NotBefore = ["second"] },
        Opening("second", "secondly") with { NotBefore = ["third"] },
        Opening("third", "thirdly") with { NotBefore = ["fourth"] },
        new("for example", "for instance"),
        new("often", "frequently") { NotAfter = ["so"], NotBefore = ["asked", "than", "as"] },
        new("typically", "usually") { NotAfter = ["as"] },
        new("especially", "particularly") { NotAfter = ["more"] },
        new("primarily", "mainly"),
        new("quickly", "rapidly"),
        new("rarely", "seldom"),
        new("perhaps", "maybe") { NotBefore = ["monad", "type"] },
        new("someone", "somebody") { NotAfter = ["a"] },
        new("everyone", "everybody"),
        new("anyone", "anybody"),
        new("regardless of", "irrespective of"),
        new("despite", "in spite of"),
        new("towards", "toward"),
        new("among", "amongst"),
        new("keep in mind", "bear in mind"),
        new("make sure that", "ensure that"),
        new("makes sure that", "ensures that"),
        new("making sure that", "ensuring that"),
        new("important to note that", "worth noting that") { OnlyAfter = ["is", "also", "it's"] },
    ];

    /// <summary>By the first word of a form: the pairs that may begin there, longest form first.</summary>
    public static FrozenDictionary<string, (CanaryPair Pair, int Which, byte[] Form)[]> ByFirstWord { get; } = Pairs
        .SelectMany(pair => new[] { (Pair: pair, Which: 0, Form: pair.Form(0)), (Pair: pair, Which: 1, Form: pair.Form(1)) })
        .GroupBy(form => (form.Which == 0 ? form.Pair.First : form.Pair.Second).Split(' ')[0])
        .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(form => form.Form.Length).ToArray(), StringComparer.Ordinal);

    private static CanaryPair Opening(string first, string second) => new(first, second) { Opens = true };
}
