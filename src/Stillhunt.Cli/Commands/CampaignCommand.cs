using System.CommandLine;
using Stillhunt.Ledger;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Detection;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt campaign confirm|dismiss</c> on a store whose server is stopped; a running one is asked over HTTP.</summary>
internal static class CampaignCommand
{
    public static Command Make() => new TaughtCommand("campaign",
        "Confirm or dismiss a campaign. For a running server: POST /v1/campaigns/ID/confirm or /dismiss.",
        """
        Examples:
          stillhunt campaign confirm c-1a2b3c4d5e --by ada --note "Same payment processor test accounts as in March"
          stillhunt campaign dismiss c-1a2b3c4d5e --by ada --note "Contract 1043 allows it"
        """)
    {
        Review("confirm", "Remember that a campaign is one operator's extraction.", ReviewOutcome.Confirmed),
        Review("dismiss", "Remember that a campaign is honest: no rule touches it.", ReviewOutcome.Dismissed),
    };

    private static Command Review(string name, string description, ReviewOutcome outcome)
    {
        var id = new Argument<string>("CAMPAIGN") { Description = "Its id." };
        var by = new Option<string>("--by") { Description = "Who decides.", Required = true, HelpName = "NAME" };
        var note = new Option<string>("--note") { Description = "Why.", Required = true, HelpName = "TEXT" };
        var store = new StoreOption();
        var command = new Command(name, description) { id, by, note };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed, exclusive: true);
            var book = new CampaignBook(opened, TimeProvider.System);
            book.Load();
            var reviewed = book.Review(parsed.GetValue(id)!, outcome, parsed.GetValue(by)! + " (command line)", parsed.GetValue(note)!)
                ?? throw new InvalidOperationException($"There is no campaign '{parsed.GetValue(id)}' in {store.Path(parsed)}.");
            Console.Error.WriteLine($"stillhunt: {reviewed.Id} is {(name == "confirm" ? "confirmed" : "dismissed")}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
