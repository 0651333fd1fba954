using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stillhunt.Ingest;

/// <summary>Something wrong in a mapping file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Field">The native field, or null where the file as a whole is wrong.</param>
/// <param name="Text">What, in a sentence.</param>
public sealed record MappingFault(long Line, string? Field, string Text);

/// <summary>
/// How a log of no known format is read: YAML that names, for each native field, the dotted path in the record. <c>params</c> and <c>usage</c> may
/// be nested or dotted (<c>params.max_tokens: max_tokens</c>); <c>time_zone: utc</c> says that times without zone are UTC.
/// </summary>
public sealed class MappingFile
{
    private static readonly string[] Parameters = ["temperature", "top_p", "max_tokens", "n", "logprobs", "thinking", "stream"];
    private static readonly string[] Counts = ["input", "output", "reasoning"];

    private MappingFile(IReadOnlyList<(string Target, FieldPath Path)> fields, bool zoneIsUtc)
    {
        Fields = fields;
        ZoneIsUtc = zoneIsUtc;
    }

    /// <summary>The names that a mapping may fill.</summary>
    public static IReadOnlyList<string> Targets { get; } =
    [
        "time", "account", "id", "system", "messages", "prompt", "tools", "status", "asn", .. NativeFields.Text,
        .. Parameters.Select(name => "params." + name), .. Counts.Select(name => "usage." + name),
    ];

    internal IReadOnlyList<(string Target, FieldPath Path)> Fields { get; }

    internal bool ZoneIsUtc { get; }

    /// <summary>Reads a mapping; null where anything is wrong, and then all faults together.</summary>
    public static MappingFile? Load(string path, out IReadOnlyList<MappingFault> faults)
    {
        try
        {
            using var text = new StreamReader(path);
            return Read(text, out faults);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            faults = [new MappingFault(0, null, $"The mapping file {path} cannot be read: {refused.Message}")];
            return null;
        }
    }

    /// <inheritdoc cref="Load"/>
    public static MappingFile? Read(TextReader text, out IReadOnlyList<MappingFault> faults)
    {
        var found = new List<MappingFault>();
        faults = found;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(text);
            if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            {
                found.Add(new MappingFault(1, null, "A mapping file is a list of lines like  account: account_id  (native field: path in the record)."));
                return null;
            }

            var zoneIsUtc = false;
            var fields = new List<(string Target, FieldPath Path)>();
            var meant = new HashSet<string>(StringComparer.Ordinal);
            Collect(root, string.Empty, fields, found, meant, ref zoneIsUtc);
            foreach (var required in new[] { "time", "account" })
            {
                // What another fault takes for a misspelling of it is told once.
                if (!meant.Contains(required) && fields.All(field => field.Target != required))
                    found.Add(new MappingFault(1, required, $"The mapping does not say where {required} stands; every exchange needs it."));
            }

            return found.Count > 0 ? null : new MappingFile(fields, zoneIsUtc);
        }
        catch (YamlException broken)
        {
            found.Add(new MappingFault(broken.Start.Line, null, $"The mapping is no valid YAML: {broken.Message}"));
            return null;
        }
    }

    /// <summary>The path to a native field, or null where the mapping does not name it.</summary>
    internal FieldPath? PathOf(string target) => Fields.LastOrDefault(field => field.Target == target).Path;

    internal RecordReader Reader(ReadingOptions options) => new MappedReader(this, options);

    private static void Collect(YamlMappingNode node, string prefix, List<(string Target, FieldPath Path)> fields, List<MappingFault> faults, HashSet<string> meant, ref bool zoneIsUtc)
    {
        foreach (var (key, value) in node.Children)
        {
            var target = prefix + ((key as YamlScalarNode)?.Value ?? string.Empty);
            if (value is YamlMappingNode inner && prefix.Length == 0 && (target is "fields" or "params" or "usage"))
            {
                Collect(inner, target == "fields" ? string.Empty : target + ".", fields, faults, meant, ref zoneIsUtc);
            }
            else if (value is not YamlScalarNode { Value: { Length: > 0 } path })
            {
                meant.Add(target);
                faults.Add(new MappingFault(value.Start.Line, target, $"{target}: a path is missing; write the name of the record's field, with dots for fields inside fields."));
            }
            else if (target == "time_zone")
            {
                zoneIsUtc = path.Equals("utc", StringComparison.OrdinalIgnoreCase);
                if (!zoneIsUtc) faults.Add(new MappingFault(value.Start.Line, target, $"time_zone: only utc can be given, not {path}; convert other times first."));
            }
            else if (!Targets.Contains(target))
            {
                faults.Add(new MappingFault(key.Start.Line, target, Unknown(target, path, meant)));
            }
            else
            {
                fields.Add((target, new FieldPath(path)));
            }
        }
    }

    /// <summary>A line whose left side is no native field, with what it may have been meant to be.</summary>
    private static string Unknown(string target, string path, HashSet<string> meant)
    {
        if (Targets.Contains(path) && meant.Add(path)) return $"{target} is no field of the native format. The native field stands on the left, and where the log keeps it on the right: {path}: {target}";
        if (Nearest(target) is { } near)
        {
            meant.Add(near);
            return $"{target} is no field of the native format. Did you mean {near}?";
        }

        // All names are listed once.
        return $"{target} is no field of the native format.{(meant.Add(string.Empty) ? $" Known are: {string.Join(", ", Targets)}." : "")}";
    }

    private static string? Nearest(string target) =>
        Targets.FirstOrDefault(name => name.EndsWith("." + target, StringComparison.Ordinal))
        ?? NearName.Of(target, Targets)
        ?? Array.Find(["time", "account"], required => target.StartsWith(required, StringComparison.OrdinalIgnoreCase));
}
