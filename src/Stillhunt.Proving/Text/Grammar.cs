using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Stillhunt.Proving.Text;

/// <summary>
/// Sections of alternatives read from an embedded text: <c>[name]</c> opens a section (<c>[!name]</c> one that no voice narrows),
/// each line below it is an alternative; <c>{a|b}</c> chooses inside a line, <c>&lt;name&gt;</c> names a section, <c>$slot</c> a slot.
/// </summary>
internal sealed partial class Grammar
{
    private static readonly Dictionary<string, Grammar> Loaded = [];
    private static readonly Lock Gate = new();

    private readonly Dictionary<string, Choice> _sections = [];

    private Grammar(string text)
    {
        var lines = text.Split('\n');
        Choice? current = null;
        var options = new Dictionary<Choice, List<string>>();
        foreach (var raw in lines)
        {
            var line = raw.TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#') continue;
            if (SectionHead().IsMatch(line))
            {
                var open = line[1] == '!';
                var name = line[(open ? 2 : 1)..^1];
                current = new Choice(name, open);
                _sections.Add(name, current);
                options.Add(current, []);
            }
            else if (current is not null)
            {
                options[current].Add(line);
            }
            else
            {
                throw new FormatException($"A grammar line stands before the first section: {line}");
            }
        }

        foreach (var (choice, texts) in options)
            choice.Options = [.. texts.Select(t => new Reader(this, t, choice).ReadAll())];
    }

    public IEnumerable<string> Sections => _sections.Keys;

    public Choice this[string section] =>
        _sections.TryGetValue(section, out var choice) ? choice : throw new KeyNotFoundException($"The grammar has no section '{section}'.");

    public bool Has(string section) => _sections.ContainsKey(section);

    public static IEnumerable<string> Names =>
        typeof(Grammar).Assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(".txt", StringComparison.Ordinal))
            .Select(n => n[..^4])
            .Order(StringComparer.Ordinal);

    public static bool Exists(string name) => typeof(Grammar).Assembly.GetManifestResourceInfo(name + ".txt") is not null;

    public static Grammar Load(string name)
    {
        lock (Gate)
        {
            if (Loaded.TryGetValue(name, out var grammar)) return grammar;
            using var stream = typeof(Grammar).Assembly.GetManifestResourceStream(name + ".txt")
                ?? throw new FileNotFoundException($"There is no grammar '{name}'.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            grammar = new Grammar(reader.ReadToEnd());
            Loaded.Add(name, grammar);
            return grammar;
        }
    }

    [GeneratedRegex(@"^\[!?[a-z][a-z0-9.-]*\]$")]
    private static partial Regex SectionHead();

    private sealed class Reader(Grammar grammar, string text, Choice owner)
    {
        private int _at;

        public Phrase ReadAll()
        {
            var phrase = ReadSequence(nested: false);
            return _at == text.Length ? phrase : throw new FormatException($"Unbalanced braces in: {text}");
        }

        private Phrase ReadSequence(bool nested)
        {
            var parts = new List<Phrase>();
            var literal = new StringBuilder();
            while (_at < text.Length)
            {
                var c = text[_at];
                if (nested && c is '|' or '}') break;
                _at++;
                switch (c)
                {
                    case '\\':
                        var escaped = text[_at++];
                        literal.Append(escaped == 'n' ? '\n' : escaped);
                        break;
                    case '{':
                        Flush();
                        parts.Add(ReadChoice());
                        break;
                    case '<':
                        Flush();
                        var end = text.IndexOf('>', _at);
                        if (end < 0) throw new FormatException($"An unclosed '<' in: {text}");
                        parts.Add(grammar[text[_at..end]]);
                        _at = end + 1;
                        break;
                    case '$':
                        Flush();
                        parts.Add(ReadSlot());
                        break;
                    default:
                        literal.Append(c);
                        break;
                }
            }

            Flush();
            return parts.Count == 1 ? parts[0] : new Sequence([.. parts]);

            void Flush()
            {
                if (literal.Length == 0) return;
                parts.Add(new Literal(literal.ToString()));
                literal.Clear();
            }
        }

        private Choice ReadChoice()
        {
            var options = new List<Phrase>();
            while (true)
            {
                options.Add(ReadSequence(nested: true));
                if (_at >= text.Length) throw new FormatException($"Unbalanced braces in: {text}");
                if (text[_at++] == '}') break;
            }

            return new Choice(owner.Name, owner.Open) { Options = [.. options] };
        }

        private SlotPhrase ReadSlot()
        {
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterLower(text[_at]) || char.IsAsciiDigit(text[_at]))) _at++;
            return Enum.TryParse<Slot>(text[start.._at], ignoreCase: true, out var slot)
                ? new SlotPhrase(slot)
                : throw new FormatException($"Unknown slot '{text[start.._at]}' in: {text}");
        }
    }
}
