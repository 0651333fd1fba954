using System.Globalization;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary>Loads the accounts file and tells its faults; the rows without one are used.</summary>
internal static class KnownAccounts
{
    private const int MostTold = 5;

    public static AccountsFile Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no accounts file {path}; name it with --accounts, or leave the option out.", path);
        var accounts = AccountsFile.Load(path);
        foreach (var fault in accounts.Faults.Take(MostTold))
            ExitCodes.Error(string.Create(CultureInfo.InvariantCulture, $"{fault.Path} line {fault.Line}, {(fault.Field is null ? "whole row" : "field " + fault.Field)}: {fault.Reason}"));
        if (accounts.Faults.Count > MostTold) ExitCodes.Error($"... and {accounts.Faults.Count - MostTold} more faults in {path}; the rows without a fault are used.");
        return accounts;
    }
}
