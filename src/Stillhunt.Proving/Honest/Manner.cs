using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;

namespace Stillhunt.Proving.Honest;

/// <summary>How one person types: habits that stay, such as no capitals, a greeting, a pet phrase, slips of the finger.</summary>
internal sealed class Manner
{
    private readonly bool _lower;
    private readonly bool _bare;
    private readonly double _greets;
    private readonly double _slips;
    private readonly double _petShare;
    private readonly string? _pet;

    public Manner(Dice dice, Fill fill)
    {
        _lower = dice.Chance(0.3);
        _bare = dice.Chance(0.35);
        _greets = dice.Chance(0.3) ? dice.Unit() * 0.7 : 0;
        _slips = dice.Chance(0.3) ? dice.Unit() * 0.02 : 0;
        if (!dice.Chance(0.25)) return;
        _petShare = 0.2 + 0.7 * dice.Unit();
        fill.Dice = dice;
        _pet = fill.Tongue.Section("context").Say(fill);
    }

    public bool Greets(Dice dice) => dice.Chance(_greets);

    public string? Pet(Dice dice) => _pet is not null && dice.Chance(_petShare) ? _pet : null;

    public void Apply(TextBuffer to, int start, Dice dice)
    {
        var text = to.Editable(start);
        if (_lower)
        {
            for (var i = 0; i < text.Length; i++) text[i] = char.ToLowerInvariant(text[i]);
        }

        if (_slips > 0)
        {
            for (var i = 1; i < text.Length; i++)
            {
                if (char.IsAsciiLetter(text[i]) && char.IsAsciiLetter(text[i - 1]) && dice.Chance(_slips)) (text[i], text[i - 1]) = (text[i - 1], text[i]);
            }
        }

        if (_bare && text.Length > 1 && text[^1] is '.' or '?') to.CutTo(to.Length - 1);
    }
}
