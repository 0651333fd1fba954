using System.CommandLine;
using System.Globalization;
using Stillhunt.Cli.Files;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Server;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt store</c>: backup, restore, check, repair, and deletion of an account's data.</summary>
internal static class StoreCommand
{
    public static Command Make() => new TaughtCommand("store",
        "Back up, restore, check and repair the store of 'stillhunt serve', and delete an account's data.",
        """
        Examples:
          stillhunt store backup stillhunt.db --out backup.db     (the server may run)
          stillhunt store restore backup.db --store stillhunt.db  (the server must be stopped)
          stillhunt store check stillhunt.db --key-file key
          stillhunt store repair stillhunt.db --out saved.db
          stillhunt store delete-account ACCOUNT --by ada         (for a running server: DELETE /v1/accounts/ACCOUNT)
        """)
    {
        Backup(), Restore(), Check(), Repair(), DeleteAccount(),
    };

    private static Command Backup()
    {
        var file = new FileArgument<string>("FILE", FileUse.Read) { Description = "The store." };
        var to = new FileOption<string>("--out", FileUse.Written) { Form = OutputForm.Any, Description = "A new file.", Required = true, HelpName = "FILE" };
        var command = new Command("backup", "Copy the state at this moment; the server may run.") { file, to };
        command.SetAction(parsed =>
        {
            if (!File.Exists(parsed.GetValue(file))) throw new FileNotFoundException($"There is no store {parsed.GetValue(file)}.");
            SqliteRepair.Backup(parsed.GetValue(file)!, parsed.GetValue(to)!);
            Console.Error.WriteLine($"stillhunt: the backup is {parsed.GetValue(to)}. Keep the secret key with it: without the key it can't be used.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Restore()
    {
        var file = new FileArgument<string>("BACKUP", FileUse.Read) { Description = "A backup." };
        var to = new FileOption<string>("--store", FileUse.Kept) { Form = OutputForm.Any, Description = "The store to replace; its server must be stopped. What stands there is kept beside it.", Required = true, HelpName = "FILE" };
        var command = new Command("restore", "Put a backup in the place of a store.") { file, to };
        command.SetAction(parsed =>
        {
            if (!File.Exists(parsed.GetValue(file))) throw new FileNotFoundException($"There is no backup {parsed.GetValue(file)}.");
            var aside = SqliteRepair.Restore(parsed.GetValue(file)!, parsed.GetValue(to)!);
            Console.Error.WriteLine($"stillhunt: {parsed.GetValue(to)} is restored{(aside is null ? "" : $"; what it was is {aside}")}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Check()
    {
        var file = new FileArgument<string>("FILE", FileUse.Read) { Description = "The store." };
        var key = new FileOption<string?>("--key-file", FileUse.Read) { Otherwise = HashKeyFile.DefaultPath, Description = "The secret key that the store was made with: then all is read that 'serve' reads. Default: stillhunt/key in your configuration folder, if it is there and fits.", HelpName = "FILE" };
        var command = new Command("check", "Look for damage, thoroughly. Exit code 1 if there is any.") { file, key };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var fits = parsed.GetValue(key) is { } named ? Key(named) : OwnKey(path);
            var found = SqliteRepair.Check(path, fits);
            foreach (var fault in found) ExitCodes.Error(fault);
            if (found.Count == 0)
                Console.Error.WriteLine(fits is null ? $"stillhunt: The database {path} is whole. What its records hold was not read: that takes the secret key that it was made with (--key-file)." : $"stillhunt: {path} is whole.");
            return found.Count == 0 ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }

    private static Command Repair()
    {
        var file = new FileArgument<string>("FILE", FileUse.Read) { Description = "The damaged store; it is not changed." };
        var to = new FileOption<string>("--out", FileUse.Written) { Form = OutputForm.Any, Description = "A new file.", Required = true, HelpName = "FILE" };
        var key = new FileOption<string?>("--key-file", FileUse.Read) { Description = "The secret key that the store was made with: then each day's record is checked, too. Default: days are copied as they are.", HelpName = "FILE" };
        var command = new Command("repair", "Save what can be read from a damaged store. Exit code 3 if something could not.") { file, to, key };
        command.SetAction(parsed =>
        {
            var saved = SqliteRepair.Repair(parsed.GetValue(file)!, parsed.GetValue(to)!, parsed.GetValue(key) is { } named ? Key(named) : null);
            foreach (var table in saved)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stillhunt: {table.Table,-16} {table.Saved,10} rows{(table.Stopped is null ? "" : "; not all could be read: " + table.Stopped)}"));
            return saved.All(table => table.Stopped is null) ? ExitCodes.Done : ExitCodes.Partly;
        });
        return command;
    }

    /// <summary>The key of this user where it is that of the store: one that nobody named is no reason to refuse.</summary>
    private static KeyedHash? OwnKey(string store)
    {
        if (!File.Exists(HashKeyFile.DefaultPath)) return null;
        var own = Key(HashKeyFile.DefaultPath);
        return SqliteRepair.IsKeyOf(store, own) ? own : null;
    }

    /// <summary>A key that is there: a new one would fit no store.</summary>
    private static KeyedHash Key(string path) => File.Exists(path) ? HashKeyFile.LoadOrCreate(path) : throw new FileNotFoundException($"There is no key {path}.", path);

    private static Command DeleteAccount()
    {
        var id = new Argument<string>("ACCOUNT") { Description = "Its id." };
        var source = new Option<string>("--source") { Description = "The log source that it is of.", HelpName = "NAME", DefaultValueFactory = _ => LogFile.DefaultSource };
        var by = new Option<string>("--by") { Description = "Who asks for it; stands in the audit trail.", Required = true, HelpName = "NAME" };
        var store = new StoreOption();
        var command = new Command("delete-account", "Delete what is kept of an account: traffic, record, place in campaigns. Exit code 1 if nothing is.") { id, source, by };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed, exclusive: true);
            var account = new AccountId(parsed.GetValue(source)!, parsed.GetValue(id)!);
            var days = opened.Exchanges.Delete(AccountHash.Of(store.Key(parsed), account));
            var known = opened.Accounts.Delete(account.Id);
            var rest = opened.Sharing.DeleteHits(account) + opened.Prompts.Delete(account) + opened.Decisions.DeleteAppeals(account) + opened.Campaigns.DeleteSuccession(account);
            var book = new CampaignBook(opened, TimeProvider.System);
            book.Load();
            rest += book.Forget(account);
            var found = days > 0 || known || rest > 0;
            new AuditTrail(opened.Audit, TimeProvider.System).WriteDeletion(account, found, parsed.GetValue(by)! + " (command line)");
            if (!found)
                throw new InvalidOperationException($"Nothing is kept of account '{account.Id}' of the log source '{account.Source}', so nothing was deleted. Ids count as logs have them, capitals too; where there are several sources, name one with --source.");
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stillhunt: {days} days of traffic and {(known ? "the" : "no")} record of this account are deleted."));
            return ExitCodes.Done;
        });
        return command;
    }
}
