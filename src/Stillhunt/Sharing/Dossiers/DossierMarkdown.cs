using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Sharing.Dossiers;

/// <summary>The dossier as Markdown, for a file system, a ticket or a word processor.</summary>
public static class DossierMarkdown
{
    public static void Write(TextWriter to, ScanResult result, Campaign campaign, DossierContext context)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(context);
        foreach (var part in Dossier.Parts(result, campaign, context))
        {
            switch (part)
            {
                case DossierPart.Heading heading: to.Write($"{new string('#', heading.Level)} {OutputText.Markdown(heading.Text)}\n\n"); break;
                case DossierPart.Paragraph paragraph: to.Write(OutputText.Markdown(paragraph.Text) + "\n\n"); break;
                case DossierPart.Items items:
                    foreach (var text in items.Texts) to.Write($"- {OutputText.Markdown(text)}\n");
                    to.Write('\n');
                    break;
                case DossierPart.Table table:
                    Row(to, table.Columns);
                    to.Write($"|{string.Concat(table.Columns.Select(_ => "---|"))}\n");
                    foreach (var row in table.Rows) Row(to, row);
                    to.Write('\n');
                    break;
            }
        }
    }

    private static void Row(TextWriter to, IReadOnlyList<string> cells) => to.Write($"| {string.Join(" | ", cells.Select(cell => OutputText.Markdown(cell)))} |\n");
}
