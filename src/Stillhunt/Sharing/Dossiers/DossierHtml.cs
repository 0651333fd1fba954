using Stillhunt.Campaigns;
using Stillhunt.Reporting.Html;

namespace Stillhunt.Sharing.Dossiers;

/// <summary>The dossier as one HTML page without script or network, made to be printed.</summary>
public static class DossierHtml
{
    public static void Write(TextWriter to, ScanResult result, Campaign campaign, DossierContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var html = new HtmlWriter(to);
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">""");
        html.Write($"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>{context.Audience.Title}</title>""");
        html.WriteStyle();
        html.Write($"""</head><body class="dossier"><main>""");
        html.Write($"\n");
        foreach (var part in Dossier.Parts(result, campaign, context)) Write(html, part);
        html.Write($"</main></body></html>\n");
    }

    private static void Write(HtmlWriter html, DossierPart part)
    {
        switch (part)
        {
            case DossierPart.Heading { Level: 1 } heading: html.Write($"<h1>{heading.Text}</h1>\n"); break;
            case DossierPart.Heading { Level: 2 } heading: html.Write($"<h2>{heading.Text}</h2>\n"); break;
            case DossierPart.Heading heading: html.Write($"<h3>{heading.Text}</h3>\n"); break;
            case DossierPart.Paragraph paragraph: html.Write($"<p>{paragraph.Text}</p>\n"); break;
            case DossierPart.Items items:
                html.Write($"<ul>");
                foreach (var text in items.Texts) html.Write($"<li>{text}</li>\n");
                html.Write($"</ul>\n");
                break;
            case DossierPart.Table table: Write(html, table); break;
        }
    }

    private static void Write(HtmlWriter html, DossierPart.Table table)
    {
        html.Write($"""<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead><tr>""");
        foreach (var column in table.Columns) html.Write($"""<th scope="col">{column}</th>""");
        html.Write($"</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Write($"<tr>");
            foreach (var cell in row) html.Write($"<td>{cell}</td>");
            html.Write($"</tr>\n");
        }

        html.Write($"</tbody></table></div>\n");
    }
}
