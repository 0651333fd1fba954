using System.Globalization;
using Stillhunt.Fingerprinting;
using YamlDotNet.RepresentationModel;

namespace Stillhunt.Response;

/// <summary>One mapping of a policy or configuration file. What can't be read is added to the faults and taken as not given.</summary>
internal sealed class YamlFields(YamlMappingNode node, string path, List<YamlFault> faults)
{
    private static readonly string[] StripFields = ["logprobs", "n", "seed"];

    private static readonly string[] TechniqueNames = [.. Enumerable.Range(0, TechniqueIds.TechniqueCount).Select(t => ((Technique)t).Id())];

    public bool IsEmpty => node.Children.Count == 0;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Faults every field beyond these: a misspelt condition would hold for everybody.</summary>
    public void OnlyKnows(params ReadOnlySpan<string> names)
    {
        foreach (var (key, _) in node.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!names.Contains(name)) faults.Add(new YamlFault(key.Start.Line, Full(name), $"There is no field {name} here; known are {string.Join(", ", names.ToArray())}."));
        }
    }

    public void Fault(string? name, string text) => faults.Add(new YamlFault((name is null ? null : Find(name))?.Start.Line ?? node.Start.Line, name is null ? null : Full(name), text));

    public string? Text(string name) => Scalar(name, "a word");

    public bool? Flag(string name) => Read<bool>(name, "true or false", bool.TryParse);

    public double? Share(string name) => Number(name, 0, 1);

    public double? Number(string name, double least, double most) =>
        Read(name, most == double.MaxValue ? $"a number of at least {least}" : $"a number from {least} to {most}", (string? text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    public long? Whole(string name, long least, long most) => Read(name, $"a whole number of at least {least}", (string? text, out long value) =>
        long.TryParse(text?.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    /// <summary>A number with s, m, h or d behind it.</summary>
    public TimeSpan? Span(string name) => Read(name, "a span such as 90s, 30m, 12h or 7d", (string? text, out TimeSpan value) =>
    {
        value = default;
        if (text is not { Length: > 1 } || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 36_500) return false;
        TimeSpan? unit = text[^1] switch { 's' => TimeSpan.FromSeconds(1), 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => null };
        value = number * (unit ?? TimeSpan.Zero);
        return unit is not null;
    });

    /// <summary>One word or a list of them.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        switch (Find(name))
        {
            case null: return [];
            case YamlScalarNode { Value: { Length: > 0 } one }: return [one];
            case YamlSequenceNode list when list.Children.Count > 0 && list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }):
                return [.. list.Children.Select(item => ((YamlScalarNode)item).Value!)];
            default:
                Fault(name, $"{name} takes a word or a list of words.");
                return [];
        }
    }

    public IReadOnlyList<string> Techniques(string name)
    {
        var names = Texts(name);
        foreach (var unknown in names.Where(technique => !TechniqueNames.Contains(technique)))
            Fault(name, $"There is no technique {unknown}; known are {string.Join(", ", TechniqueNames)}.");
        return names;
    }

    public YamlFields? Inner(string name)
    {
        switch (Find(name))
        {
            case null: return null;
            case YamlMappingNode inner: return new YamlFields(inner, Full(name), faults);
            default:
                Fault(name, $"{name} takes fields below it.");
                return null;
        }
    }

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<YamlFields> Items(string name)
    {
        switch (Find(name))
        {
            case null: yield break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                {
                    var full = string.Create(CultureInfo.InvariantCulture, $"{Full(name)}[{i}]");
                    if (list.Children[i] is YamlMappingNode item) yield return new YamlFields(item, full, faults);
                    else faults.Add(new YamlFault(list.Children[i].Start.Line, full, "Each item of this list has fields of its own."));
                }

                break;
            default:
                Fault(name, $"{name} takes a list.");
                break;
        }
    }

    /// <summary>A list of actions: a word, or a word with what it needs. Null where one of them can't be read: that is the fault, and not that there is none.</summary>
    public IReadOnlyList<Obligation>? Obligations(string name)
    {
        var (all, before) = (new List<Obligation>(), faults.Count);
        IEnumerable<YamlNode> items = Find(name) switch { YamlSequenceNode list => list.Children, { } one => [one], null => [] };
        foreach (var item in items)
        {
            var (id, inner) = item is YamlMappingNode { Children.Count: 1 } mapping && mapping.Children.First() is var only ? ((only.Key as YamlScalarNode)?.Value, only.Value) : ((item as YamlScalarNode)?.Value, null);
            if (string.IsNullOrEmpty(id)) faults.Add(new YamlFault(item.Start.Line, Full(name), $"Each action is a word, or a word with what it needs; known are {string.Join(", ", ResponseActionIds.All)}."));
            else if (ResponseActionIds.Find(id) is not { } action) faults.Add(new YamlFault(item.Start.Line, Full(name), $"There is no action {id}; known are {string.Join(", ", ResponseActionIds.All)}."));
            else if (Obligation(action, inner, item, Full(name)) is { } obligation) all.Add(obligation);
        }

        return faults.Count == before ? all : null;
    }

    private Obligation? Obligation(ResponseAction action, YamlNode? inner, YamlNode at, string full)
    {
        Obligation? Wrong(string text)
        {
            faults.Add(new YamlFault(at.Start.Line, full, text));
            return null;
        }

        switch (action)
        {
            case ResponseAction.Cap:
                if (inner is not YamlMappingNode limits) return Wrong("cap needs what to cap: cap: {requests_per_hour: 60} or {tokens_per_day: 100000}.");
                var fields = new YamlFields(limits, full + ".cap", faults);
                fields.OnlyKnows("requests_per_hour", "tokens_per_day");
                var cap = new Obligation(action) { RequestsPerHour = fields.Whole("requests_per_hour", 0, long.MaxValue), TokensPerDay = fields.Whole("tokens_per_day", 0, long.MaxValue) };
                return cap.RequestsPerHour is null && cap.TokensPerDay is null ? Wrong("cap needs requests_per_hour or tokens_per_day.") : cap;
            case ResponseAction.Strip:
                List<string> names = inner switch { YamlSequenceNode list => [.. list.Children.Select(child => (child as YamlScalarNode)?.Value ?? "")], YamlScalarNode { Value: { } one } => [one], null => [.. StripFields], _ => [] };
                if (names.Count == 0) return Wrong($"strip takes some of {string.Join(", ", StripFields)}; by itself, without anything below it, it takes them all.");
                return names.FirstOrDefault(field => !StripFields.Contains(field)) is { } unknown ? Wrong($"strip knows {string.Join(", ", StripFields)}, not '{unknown}'.") : new Obligation(action) { Fields = names };
            case ResponseAction.WithholdReasoning:
                return inner is null or YamlScalarNode { Value: "summarise" or "omit" }
                    ? new Obligation(action) { Summarise = (inner as YamlScalarNode)?.Value == "summarise" }
                    : Wrong("withhold-reasoning takes omit (the default) or summarise.");
            default:
                return inner is null ? new Obligation(action) : Wrong($"{action.Id()} takes nothing below it.");
        }
    }

    private delegate bool TryParse<T>(string? text, out T value);

    private T? Read<T>(string name, string what, TryParse<T> parse) where T : struct
    {
        if (Scalar(name, what) is not { } text) return null;
        if (parse(text, out var value)) return value;
        Fault(name, $"{name} takes {what}, not '{text}'.");
        return null;
    }

    private string? Scalar(string name, string what)
    {
        switch (Find(name))
        {
            case null: return null;
            case YamlScalarNode { Value: { } text }: return text;
            default:
                Fault(name, $"{name} takes {what}.");
                return null;
        }
    }

    private YamlNode? Find(string name) => node.Children.TryGetValue(new YamlScalarNode(name), out var found) ? found : null;

    private string Full(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
