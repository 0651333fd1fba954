using System.Text;

namespace Stillhunt.Proving;

/// <summary>How evasions are written on a command line and in reports: <c>disjoint-infrastructure</c>, <c>dilution-90</c>.</summary>
public static class EvasionNames
{
    /// <summary>What <c>all</c> leaves out: the stronger levels of a dilution that it holds already, and the wrapper, which excludes paraphrase.</summary>
    public const Evasions NotInAll = Evasions.Dilution90 | Evasions.Dilution95 | Evasions.FixedWrapper;

    public static IReadOnlyList<Evasions> Each { get; } = [.. Enum.GetValues<Evasions>().Where(e => e != Evasions.None)];

    public static Evasions All { get; } = Each.Aggregate(Evasions.None, (all, one) => all | one) & ~NotInAll;

    /// <summary>The names of all that are set, with commas; empty for none.</summary>
    public static string Of(Evasions evasions) => string.Join(',', Each.Where(e => evasions.HasFlag(e)).Select(Single));

    /// <summary>Names with commas, as <see cref="Of"/> writes them; also without hyphens and in any case, and <c>all</c>.</summary>
    /// <exception cref="RangeUsageException">A name is not known.</exception>
    public static Evasions Read(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var evasions = Evasions.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (name == "all")
            {
                evasions |= All;
                continue;
            }

            var found = Each.Where(e => string.Equals(e.ToString(), name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)).ToArray();
            evasions |= found.Length == 1 ? found[0] : throw new RangeUsageException($"There is no evasion '{name}'; there are {string.Join(", ", Each.Select(Single))}.");
        }

        return evasions;
    }

    private static string Single(Evasions evasion)
    {
        var name = evasion.ToString();
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && (char.IsAsciiLetterUpper(name[i]) || (char.IsAsciiDigit(name[i]) && !char.IsAsciiDigit(name[i - 1])))) text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
