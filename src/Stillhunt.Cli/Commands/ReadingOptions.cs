using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary>The options that <c>scan</c> and <c>inspect</c> share: how a log is read.</summary>
internal sealed class ReadingOptions
{
    private readonly Option<string> _format = new("--format") { Description = "auto, or a name that 'stillhunt formats' lists.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private readonly FileOption<string?> _map = new("--map", FileUse.Read) { Description = "A YAML file that says where a foreign format keeps its fields (docs/mapping.md).", HelpName = "FILE" };
    private readonly Option<string?> _accountField = new("--account-field") { Description = "Dotted path of the field to take as the account; or several with commas between, of which the first that a record fills counts. A record that fills none is refused and counted: the format's own rule is no silent fallback.", HelpName = "PATH,..." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _format, _map, _accountField }) command.Add(option);
    }

    /// <exception cref="UsageException">With all faults of a mapping file.</exception>
    public LogScanOptions Read(ParseResult parsed)
    {
        LogFormat? only = null;
        if (parsed.GetValue(_map) is not null && parsed.GetResult(_format) is { Implicit: false })
            throw new UsageException("Give --format or --map, not both: a mapping file reads what no format does.");
        if (parsed.GetValue(_format) is { } name && name != "auto" && (only = LogFormats.Find(name)) is null)
            throw new UsageException($"There is no format '{name}'; known are auto, {string.Join(", ", LogFormats.All.Select(format => format.Name))}.");
        return new LogScanOptions { Format = only, Mapping = Mapping(parsed.GetValue(_map)), AccountField = AccountField(parsed.GetValue(_accountField)) };
    }

    /// <exception cref="UsageException">Nothing but commas.</exception>
    internal static string? AccountField(string? text) => text is null || text.AsSpan().IndexOfAnyExcept(", ") >= 0
        ? text
        : throw new UsageException($"--account-field takes a dotted path such as metadata.tenant, or several with commas between, not '{text}'.");

    private static MappingFile? Mapping(string? path)
    {
        if (path is null) return null;
        if (MappingFile.Load(path, out var faults) is { } mapping) return mapping;
        foreach (var fault in faults.SkipLast(1)) ExitCodes.Error(Describe(path, fault));
        throw new UsageException(Describe(path, faults[^1]));
    }

    private static string Describe(string path, MappingFault fault) =>
        fault.Line == 0 ? fault.Text : $"{path} line {fault.Line}{(fault.Field is null ? "" : $", field {fault.Field}")}: {fault.Text}";
}
