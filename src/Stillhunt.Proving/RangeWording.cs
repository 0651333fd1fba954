using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;

namespace Stillhunt.Proving;

/// <summary>The range's own wording, for tests that keep it apart from a detector's.</summary>
public static class RangeWording
{
    /// <summary>
    /// Every line of every grammar, said <paramref name="perLine"/> times with other choices; a slot is a line that holds only a currency sign, so that
    /// no run of words goes across one.
    /// </summary>
    public static IEnumerable<string> Samples(int perLine, string? language = null)
    {
        var fill = new Fill { Dice = new Dice(1), LeavesSlotsOpen = true };
        foreach (var name in Grammar.Names)
        {
            if (language is not null && !name.EndsWith("." + language, StringComparison.Ordinal)) continue;
            var grammar = Grammar.Load(name);
            foreach (var section in grammar.Sections)
            {
                foreach (var line in grammar[section].Options)
                {
                    for (var i = 0; i < perLine; i++) yield return line.Say(fill);
                }
            }
        }
    }
}
