using System.Collections.Concurrent;

namespace Stillhunt.Proving.Text;

/// <summary>What one language offers for ordinary talk and tasks: its topics by interest and its sentences.</summary>
internal sealed class Tongue
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, Tongue> Loaded = new(StringComparer.Ordinal);

    private Tongue(string code)
    {
        Code = code;
        Speech = Grammar.Load("speech." + code);
        Domains = [.. Speech.Sections.Where(s => s.StartsWith("about.", StringComparison.Ordinal)).Select(s => Speech[s])];
        Name = Speech["language-name"].Options[0];
    }

    public static readonly string[] Codes = ["en", "zh", "fr", "de", "es", "ru", "ja"];

    public string Code { get; }

    public Grammar Speech { get; }

    public Choice[] Domains { get; }

    /// <summary>What the language calls itself.</summary>
    public Phrase Name { get; }

    /// <summary>Scripts without spaces between words.</summary>
    public bool Dense => Code is "zh" or "ja";

    public static Tongue Of(string code)
    {
        // Asked for every request: no lock where the language is known.
        if (Loaded.TryGetValue(code, out var known)) return known;
        lock (Gate) return Loaded.GetOrAdd(code, static c => new Tongue(c));
    }

    /// <summary>The section of that name, or the one that stands in for it where this language lacks it.</summary>
    public Choice Section(string name, string instead = "question") =>
        Speech.Has(name) ? Speech[name] : Technical.Contains(name) ? Of("en").Speech[name] : Speech[instead];

    // What developers and machines write is English in any country.
    private static readonly HashSet<string> Technical = ["agent", "data", "image", "did", "tooled", "module", "job", "product", "business", "pupil", "assignment", "gradecheck"];
}
