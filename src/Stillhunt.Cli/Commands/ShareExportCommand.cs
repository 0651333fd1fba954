using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Formats;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share export</c>: campaigns -> a STIX 2.1 bundle for one kind of reader.</summary>
internal static class ShareExportCommand
{
    public static Command Make()
    {
        var campaigns = new Argument<string[]>("CAMPAIGN") { Description = "Ids of campaigns, as the table, the report or campaigns.json show them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All flagged campaigns." };
        var result = new FileOption<string>("--result", FileUse.Read) { Description = "The campaigns.json of a scan.", HelpName = "FILE", DefaultValueFactory = _ => "campaigns.json" };
        var profile = new Option<string>("--profile") { Description = "Who may read it: internal, partner or public.", HelpName = "NAME", DefaultValueFactory = _ => "partner" };
        var producer = new Option<string>("--producer") { Description = "The name under which the receivers know you; it is in the export.", HelpName = "NAME", Required = true };
        var key = new FileOption<string?>("--group-key", FileUse.Read) { Description = "The key file of the sharing group; without it there are no sketches.", HelpName = "FILE" };
        var domains = new Option<bool>("--mail-domains") { Description = "Let mail domains leave, in clear, with the partner profile. A company's domain is its name." };
        var accountsOf = new Option<string?>("--accounts-of") { Description = "For one provider alone: tell it which accounts of this source of your log, its own, are the operator's. Partner profile, TLP:RED.", HelpName = "SOURCE" };
        var previous = new FileOption<string?>("--previous", FileUse.ReadFirst) { Description = "Your last export with this profile and producer; another is refused. Unchanged objects keep their versions, and campaigns that are no longer flagged are revoked.", HelpName = "FILE" };
        var reversed = new Option<string[]>("--reverse") { Description = "A campaign that you found to be wrong: it is not exported, and revoked if --previous has it. May be given often.", HelpName = "CAMPAIGN" };
        var format = new Option<string>("--format") { Description = "stix, misp (an event in MISP's JSON), csv, or decisions (addresses for a firewall or gateway, as CrowdSec imports them).", HelpName = "NAME", DefaultValueFactory = _ => "stix" };
        var to = new FileOption<string?>("--out", FileUse.Written) { Form = OutputForm.Any, Description = "Where to write; to standard output if not given.", HelpName = "FILE" };
        var command = new TaughtCommand("export",
            "Write campaigns as intelligence that another Stillhunt, a MISP, an OpenCTI or a firewall can use, without giving customers away.",
            $"""
            Examples:
              stillhunt share export --all --producer "Example Lab" --group-key lab-exchange.key --out shared.json
              stillhunt share export c-0a1b2c3d4e --producer "Example Lab" --profile public

            Profiles (docs/sharing.md says what each lets out):
              internal  everything the result holds, account ids too; TLP:AMBER+STRICT
              partner   no account ids; addresses in clear; keyed sketches; words that five unlinked owners use; TLP:AMBER
              public    no addresses and no sketches; words that twenty unlinked owners use; TLP:CLEAR

            {ExitCodes.Meaning}
            """)
        { campaigns, all, result, profile, producer, key, domains, accountsOf, previous, reversed, format, to };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(campaigns) ?? [];
            if (named.Length == 0 == !parsed.GetValue(all)) throw new UsageException("Name campaigns, or give --all; not both.");
            var wrong = parsed.GetValue(reversed) ?? [];
            if (named.Intersect(wrong, StringComparer.Ordinal).FirstOrDefault() is { } both) throw new UsageException($"{both} is named to be exported, and by --reverse not to be; give one.");
            var chosen = ShareProfile.Find(parsed.GetValue(profile)!) ?? throw new UsageException("--profile takes internal, partner or public.");
            if (parsed.GetValue(accountsOf) is { } source)
            {
                if (chosen != ShareProfile.Partner) throw new UsageException("--accounts-of goes with the partner profile: it is for one provider's eyes.");
                chosen = ShareProfile.ForProvider(source);
            }

            if (parsed.GetValue(domains))
            {
                if (chosen == ShareProfile.Public) throw new UsageException("--mail-domains goes with the partner profile; nothing public names a mail domain.");
                chosen = chosen with { MailDomains = true };
            }

            var form = parsed.GetValue(format)!;
            if (form is not ("stix" or "misp" or "csv" or "decisions")) throw new UsageException("--format takes stix, misp, csv or decisions.");
            if (form != "stix" && parsed.GetValue(previous) is not null) throw new UsageException("--previous goes with --format stix: the other formats have no versions.");
            var name = parsed.GetValue(producer)!.Trim();
            if (name.Length is 0 or > 200) throw new UsageException("--producer takes a name of 1 to 200 characters.");
            var path = parsed.GetValue(result)!;
            var now = TimeProvider.System.GetUtcNow();
            var scanned = ResultFile.Read(path);
            var request = new ShareRequest
            {
                Profile = chosen, Producer = name, Now = now, Key = Epoch(parsed.GetValue(key), now),
                Campaigns = parsed.GetValue(all) ? null : named, Reversed = wrong, Previous = parsed.GetValue(previous) is { } last ? BundleFile.Read(last) : null,
            };
            var bundle = CampaignExport.Write(scanned, request);
            foreach (var unknown in CampaignExport.UnknownReversed(scanned, request))
                ExitCodes.Error($"--reverse {unknown}: {path} has no such campaign{(request.Previous is null ? "" : ", nor has --previous")}, so nothing is left out or revoked for it. Is the id right?");
            Tell(scanned.Campaigns.Any(campaign => campaign.Indicators is null), chosen, parsed.GetValue(key));
            Write(form, parsed.GetValue(to), bundle, name, now);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{((JsonArray)bundle["objects"]!).Count:N0} objects, profile {chosen.Name}, TLP:{chosen.Tlp.ToUpperInvariant()}{(parsed.GetValue(to) is { } file ? ", in " + file : "")}."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(string format, string? path, JsonObject bundle, string producer, DateTimeOffset now)
    {
        switch (format)
        {
            case "misp": BundleFile.Write(path, MispEvent.Write(bundle, producer, now)); break;
            case "decisions":
                var decisions = DecisionList.Write(bundle, now);
                BundleFile.Write(path, decisions);
                if (DecisionList.PlaceCount(bundle) - decisions.Count is > 0 and var over)
                    ExitCodes.Error(string.Create(CultureInfo.InvariantCulture, $"{over:N0} addresses and networks are left out of the decisions, as their indicators have ended; {decisions.Count:N0} are left."));
                break;
            case "csv" when path is null: IndicatorCsv.Write(Console.Out, bundle); break;
            case "csv": OutputFile.WriteText(path, to => IndicatorCsv.Write(to, bundle)); break;
            default: BundleFile.Write(path, bundle); break;
        }
    }

    private static GroupEpoch? Epoch(string? path, DateTimeOffset now)
    {
        if (path is null) return null;
        var key = GroupKey.Load(path);
        return key.At(now) ?? throw new UsageException($"No epoch of {path} is valid now; add one with: stillhunt share key {path} --group {key.Group} --epoch NAME");
    }

    private static void Tell(bool old, ShareProfile profile, string? key)
    {
        if (old) ExitCodes.Error("the result was written by a version that kept no indicators; scan again to export them.");
        if (profile.Sketches && key is null) ExitCodes.Error("no --group-key: the export has no sketches, so it recognises no prompts.");
    }
}
