using System.CommandLine;
using System.Security.Cryptography;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing.Dossiers;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt report</c>: one campaign as a document for counsel, a partner or an authority.</summary>
internal static class ReportCommand
{
    public static Command Make()
    {
        var id = new Argument<string>("CAMPAIGN") { Description = "An id as the table, the report or campaigns.json shows it." };
        var audience = new Option<string>("--for") { Description = "legal (with account and exchange ids), partner or authority (without).", HelpName = "WHOM", Required = true };
        var result = new FileOption<string>("--result", FileUse.Read) { Description = "The campaigns.json of a scan.", HelpName = "FILE", DefaultValueFactory = _ => "campaigns.json" };
        var producer = new Option<string>("--producer") { Description = "The name of your house.", HelpName = "NAME", Required = true };
        var author = new Option<string?>("--author") { Description = "Who writes it, for the chain of custody.", HelpName = "NAME" };
        var logs = new FileOption<string[]>("--input", FileUse.Read) { Description = "A log or accounts file that the result was made of: its hash goes into the document. May be given often.", HelpName = "FILE" };
        var html = new FileOption<string?>("--html", FileUse.Written) { Description = "Where to write the printable page.", HelpName = "FILE" };
        var markdown = new FileOption<string?>("--markdown", FileUse.Written) { Description = "Where to write the Markdown; to standard output if neither is given.", HelpName = "FILE" };
        var command = new TaughtCommand("report",
            "Write a dossier of one campaign: timeline, scale, techniques, evidence by factor, what speaks against it, method and error, hashes of the inputs, chain of custody.",
            $"""
            Example:
              stillhunt report c-0a1b2c3d4e --for authority --producer "Example Lab" --input logs/feb.jsonl.gz --html dossier.html

            {ExitCodes.Meaning}
            """)
        { id, audience, result, producer, author, logs, html, markdown };
        command.SetAction(parsed =>
        {
            var whom = DossierAudience.Find(parsed.GetValue(audience)!) ?? throw new UsageException("--for takes legal, partner or authority.");
            var path = parsed.GetValue(result)!;
            var inputs = parsed.GetValue(logs) ?? [];
            var scanned = ResultFile.Read(path);
            var wanted = parsed.GetValue(id)!;
            var campaign = scanned.Campaigns.Concat(scanned.Suspected).FirstOrDefault(campaign => campaign.Id == wanted)
                ?? throw new InvalidOperationException($"{path} has no campaign {wanted}; it has {(scanned.Campaigns.Count == 0 ? "none" : string.Join(", ", scanned.Campaigns.Take(8).Select(campaign => campaign.Id)))}.");
            var context = new DossierContext
            {
                Audience = whom, Producer = parsed.GetValue(producer)!, Author = parsed.GetValue(author), Written = TimeProvider.System.GetUtcNow(),
                ToolVersion = typeof(ReportCommand).Assembly.GetName().Version?.ToString(3) ?? "0", Inputs = [Hashed("result", path), .. inputs.Select(input => Hashed("input", input))],
            };
            return Write(parsed.GetValue(html), parsed.GetValue(markdown), scanned, campaign, context) ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }

    private static bool Write(string? html, string? markdown, ScanResult result, Campaign campaign, DossierContext context)
    {
        if (html is null && markdown is null) DossierMarkdown.Write(Console.Out, result, campaign, context);
        return OutputFile.WriteEach(
            (html, OutputFile.Text(to => DossierHtml.Write(to, result, campaign, context))),
            (markdown, OutputFile.Text(to => DossierMarkdown.Write(to, result, campaign, context))));
    }

    private static DossierInput Hashed(string role, string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        using var from = File.OpenRead(path);
        return new DossierInput(role, Path.GetFileName(path), from.Length, Convert.ToHexStringLower(SHA256.HashData(from)));
    }
}
