using System.Globalization;
using Stillhunt.Response;

namespace Stillhunt.Cli.Commands;

/// <summary>Tells all faults of a policy or configuration file, with their lines.</summary>
internal static class YamlFaults
{
    /// <returns>What to throw, with the last one.</returns>
    public static UsageException Tell(string path, IReadOnlyList<YamlFault> faults)
    {
        foreach (var fault in faults.SkipLast(1)) ExitCodes.Error(Describe(path, fault));
        return new UsageException(Describe(path, faults[^1]));
    }

    public static string Describe(string path, YamlFault fault) => fault.Line == 0
        ? fault.Text
        : string.Create(CultureInfo.InvariantCulture, $"{path} line {fault.Line}{(fault.Field is null ? "" : $", field {fault.Field}")}: {fault.Text}");
}
