namespace Stillhunt.Proving.Text;

/// <summary>What a grammar leaves open: the first ones are given by the speaker, the others are made up on the spot.</summary>
internal enum Slot
{
    Item, Answer, Other, Trace, Language, Tag, Tag2, Label, Label2, Rubric, Extra, Brand,
    Topic, Topic2, Num, Small, Big, Year, Money, Percent, Person, Given, Place, Firm, Ident, Type, Path, Code, Date, Clock, Ref, Hex, Log, Row,
}
