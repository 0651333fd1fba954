using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>Who speaks: the chance, the language and the interests that fill a grammar's slots.</summary>
internal sealed class Fill
{
    private readonly string?[] _given = new string?[(int)Slot.Topic];

    public Dice Dice { get; set; } = new(0);

    public Tongue Tongue { get; set; } = Tongue.Of("en");

    /// <summary>The domains that this speaker cares for; empty = any.</summary>
    public int[] Interests { get; set; } = [];

    /// <summary>Where slots stay open: a mark on a line of its own stands for each.</summary>
    public bool LeavesSlotsOpen { get; init; }

    public TextBuffer Scratch { get; } = new();

    public string? this[Slot slot]
    {
        get => _given[(int)slot];
        set => _given[(int)slot] = value;
    }

    public void Forget() => Array.Clear(_given);

    public void Write(Slot slot, TextBuffer to)
    {
        if (LeavesSlotsOpen)
        {
            to.Append("\n\u00A4\n");
            return;
        }

        if (slot < Slot.Topic)
        {
            to.Append(_given[(int)slot]);
            return;
        }

        switch (slot)
        {
            case Slot.Topic or Slot.Topic2: WriteTopic(to); break;
            case Slot.Num: to.Append(Dice.Between(3, 96)); break;
            case Slot.Small: to.Append(Dice.Between(2, 9)); break;
            case Slot.Big: to.Append((long)Dice.LogNormal(2600, 1.3) + 11); break;
            case Slot.Year: to.Append(Dice.Between(1874, 2025)); break;
            case Slot.Money: MadeWords.Money(to, Dice); break;
            case Slot.Percent: to.Append(Dice.Between(1, 97)); to.Append('%'); break;
            case Slot.Person: MadeWords.Person(to, Dice, Tongue); break;
            case Slot.Given: MadeWords.GivenName(to, Dice, Tongue); break;
            case Slot.Place: MadeWords.Place(to, Dice, Tongue); break;
            case Slot.Firm: MadeWords.Firm(to, Dice); break;
            case Slot.Ident: MadeCode.Identifier(to, Dice); break;
            case Slot.Type: MadeCode.TypeName(to, Dice); break;
            case Slot.Path: MadeCode.Path(to, Dice); break;
            case Slot.Code: MadeCode.Snippet(to, Dice); break;
            case Slot.Log: MadeCode.LogLines(to, Dice); break;
            case Slot.Row: MadeCode.TableRows(to, Dice); break;
            case Slot.Date: MadeWords.Date(to, Dice); break;
            case Slot.Clock: to.Append(Dice.Between(0, 23)); to.Append(':'); to.Append(Dice.Between(10, 59)); break;
            case Slot.Ref: MadeWords.Reference(to, Dice); break;
            case Slot.Hex: to.AppendHex(Dice.Next(), Dice.Between(6, 12)); break;
            default: throw new ArgumentOutOfRangeException(nameof(slot), slot, "The slot has no maker.");
        }
    }

    private void WriteTopic(TextBuffer to)
    {
        var domains = Tongue.Domains;
        var domain = Interests.Length == 0 || Dice.Chance(0.08)
            ? Dice.Below(domains.Length)
            : Interests[Dice.Below(Interests.Length)] % domains.Length;
        domains[domain].Write(to, this);
    }
}
