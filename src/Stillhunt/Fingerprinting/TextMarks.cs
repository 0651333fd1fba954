namespace Stillhunt.Fingerprinting;

/// <summary>The concepts that are read from a text's structure, not from its words; the lexicon names them.</summary>
internal sealed record TextMarks(
    ConceptSet Tag, ConceptSet Label, ConceptSet EndsOpen, ConceptSet Json, ConceptSet Numbered, ConceptSet CodeBlock)
{
    public static TextMarks Of(ConceptLexicon lexicon)
    {
        return new(Mark("#tag"), Mark("#label"), Mark("#ends-open"), Mark("#json"), Mark("#numbered"), Mark("#code-block"));

        ConceptSet Mark(string id) => ConceptSet.Of(lexicon.NumberOf(id));
    }
}
