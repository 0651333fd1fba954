using System.Globalization;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Reporting;

namespace Stillhunt.Cli.Commands;

/// <summary>Says on standard error what could not be read, or only in part, with file and line of the first examples.</summary>
internal static class ScanFaults
{
    /// <summary>Share of all exchanges from which on one identity is suspicious: the log may name a gateway where it should name its customers.</summary>
    private const double OneIdentity = 0.9;

    private const long LeastExchanges = 20;

    private const int MostFields = 20;

    /// <param name="options">How the logs were read.</param>
    /// <returns>Whether a file was missing or could not be read to its end.</returns>
    public static bool Tell(LogFiles files, Observation observation, LogScanOptions options)
    {
        foreach (var fault in observation.Summary.Faults) ExitCodes.Error(fault.Text);
        var fieldsOf = observation.FirstRejected.Keys.CountBy(key => key.Reason).ToDictionary(StringComparer.Ordinal);
        foreach (var ((reason, field), positions) in observation.FirstRejected.OrderBy(pair => pair.Key.Reason, StringComparer.Ordinal))
        {
            var count = Figures.Counted(observation.Snapshot.Rejected.GetValueOrDefault(reason), "record");
            ExitCodes.Error(Refusal.Describe(reason, field, fieldsOf[reason] == 1 ? count + " in all" : $"of {count} that were refused as {reason}", Places(files, positions), options));
        }

        var snapshot = observation.Snapshot;
        if (snapshot.DuplicateCount > 0) ExitCodes.Error($"passed over {Figures.Counted(snapshot.DuplicateCount, "record")}: the id of an earlier one of the same source came again");
        foreach (var (field, count) in snapshot.DroppedFields.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostFields))
            ExitCodes.Error($"read {Figures.Counted(count, "record")} without the field {field}, which was of the wrong type{(observation.FirstDropped.TryGetValue(field, out var first) ? $", first at {string.Join(", ", Places(files, first))}" : "")}");
        if (snapshot.DroppedFields.Count > MostFields) ExitCodes.Error($"... and without {snapshot.DroppedFields.Count - MostFields} more fields, each in fewer records; campaigns.json lists them all.");
        return observation.Summary.Faults.Any(fault => fault.IsLoss);
    }

    private static IEnumerable<string> Places(LogFiles files, IEnumerable<LogPosition> positions) =>
        positions.Select(at => string.Create(CultureInfo.InvariantCulture, $"{files.Files[at.File].Path}:{at.Line}"));

    public static void WarnOfOneIdentity(Snapshot snapshot)
    {
        long total = 0, most = 0;
        AccountProfile? busiest = null;
        foreach (var profile in snapshot.Accounts.Values)
        {
            var count = profile.Days.Values.Sum(day => day.ExchangeCount);
            total += count;
            if (count <= most) continue;
            most = count;
            busiest = profile;
        }

        if (busiest is null || total < LeastExchanges || most <= OneIdentity * total) return;
        ExitCodes.Error(string.Create(CultureInfo.InvariantCulture,
            $"warning: {(double)most / total:P0} of the exchanges are of one account, '{busiest.Id.Id}'. If that is a gateway and not a customer, name the customer's field with --account-field."));
    }
}
