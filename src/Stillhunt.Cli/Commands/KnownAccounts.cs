using System.Globalization;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Reporting;

namespace Stillhunt.Cli.Commands;

/// <summary>Loads the accounts file and tells its faults; the rows without one are used.</summary>
internal static class KnownAccounts
{
    private const int MostTold = 5, MostNamed = 12;

    /// <summary>Below this share of the logs' accounts the file is probably another one's, or names accounts in another way than the logs.</summary>
    private const double MostlyKnown = 0.5;

    public static AccountsFile Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no accounts file {path}; name it with --accounts, or leave the option out.", path);
        var accounts = AccountsFile.Load(path);
        // Whoever loses an entitlement is told before all else: their traffic counts as nobody's permission.
        foreach (var fault in accounts.Faults.OrderBy(fault => fault.Field != "entitlement_until").Take(MostTold))
            ExitCodes.Error(string.Create(CultureInfo.InvariantCulture, $"{fault.Path} line {fault.Line}, {(fault.Field is null ? "whole row" : "field " + fault.Field)}: {fault.Reason}{(fault.Field == "entitlement_until" ? "; the account counts as not entitled" : "")}"));
        if (accounts.Faults.Count > MostTold) ExitCodes.Error($"... and {accounts.Faults.Count - MostTold} more faults in {path}. A value that cannot be read is unknown; the rest of its row is used.");
        foreach (var (column, near) in accounts.UnknownColumns.Where(column => column.Value is not null))
            ExitCodes.Error($"{path}: there is no column {column}, and its values are not used. Did you mean {near}?");
        var others = accounts.UnknownColumns.Where(column => column.Value is null).Select(column => column.Key).ToList();
        if (others.Count > 0) ExitCodes.Error($"{path}: passed over the columns {string.Join(", ", others.Take(MostNamed))}{(others.Count > MostNamed ? ", ..." : "")}; docs/concepts.md lists those that are read.");
        return accounts;
    }

    /// <summary>Says so where the file knows few of the accounts of the logs, or none: what was meant to speak for or against them then does not.</summary>
    public static void WarnOfStrangers(AccountsFile? accounts, Snapshot snapshot)
    {
        if (accounts is null || snapshot.Accounts.Count == 0) return;
        var known = snapshot.Accounts.Values.Count(profile => accounts.Records.ContainsKey(profile.Id.Id));
        if (known > 0 && known >= MostlyKnown * snapshot.Accounts.Count) return;
        var stranger = snapshot.Accounts.Values.First(profile => !accounts.Records.ContainsKey(profile.Id.Id)).Id.Id;
        ExitCodes.Error(string.Create(CultureInfo.InvariantCulture,
            $"warning: {(known == 0 ? "none" : $"only {known:N0}")} of the {Figures.Counted(snapshot.Accounts.Count, "account")} in the logs {(known is 0 or 1 ? "stands" : "stand")} in {accounts.Path}; of the others nothing is known beside the logs. The logs name accounts such as '{stranger}'{(accounts.Records.Count == 0 ? ", and the file names none" : $", the file such as '{accounts.Records.Keys.First()}'")}."));
    }
}
