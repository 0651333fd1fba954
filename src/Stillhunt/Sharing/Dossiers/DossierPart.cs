namespace Stillhunt.Sharing.Dossiers;

/// <summary>A piece of a dossier, before it is HTML or Markdown. Texts may hold text of a log; whoever writes them encodes.</summary>
internal abstract record DossierPart
{
    public sealed record Heading(int Level, string Text) : DossierPart;

    public sealed record Paragraph(string Text) : DossierPart;

    public sealed record Items(IReadOnlyList<string> Texts) : DossierPart;

    /// <summary>Every row has as many cells as there are columns.</summary>
    public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : DossierPart;
}
