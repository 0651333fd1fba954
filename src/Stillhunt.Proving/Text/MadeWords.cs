using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>Names and numbers that nobody bears: put together from syllables, so that there is no end of them.</summary>
internal static class MadeWords
{
    private static readonly string[] Onsets = ["b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "qu", "r", "s", "sh", "st", "t", "th", "tr", "v", "w", "y", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ia", "oo", "y"];
    private static readonly string[] Codas = ["", "", "l", "m", "n", "r", "s", "t", "nd", "rk", "ll", "ss", "x", "ne", "lt"];
    private static readonly string[] Towns = ["ford", "ham", "by", "ville", "burg", "wick", "mouth", "stad", "field", "haven", "grad", "mont", "bridge", "ona", "eira"];
    private static readonly string[] Firms = [" & Sons", " GmbH", " Ltd", " Labs", " Logistics", " Foods", " Clinic", " Studio", " Freight", " Insurance", " Tools", " Media", "", "", " SARL", " Oy"];
    private static readonly string[] Given =
    [
        "Ada", "Bela", "Chidi", "Dalia", "Emre", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Milo", "Nadia", "Oskar", "Priya",
        "Quim", "Rosa", "Samir", "Tove", "Uma", "Viktor", "Wanda", "Ximena", "Yusuf", "Zofia", "Aroha", "Bruno", "Carmen", "Dmitri", "Elif", "Finn",
    ];
    private static readonly string[] Chinese = ["王琳", "李博", "张宁", "刘洋", "陈曦", "赵航", "周岚", "吴桐", "郑凯", "孙悦", "何苗", "林舟", "高远", "罗丹", "梁晨", "宋佳"];
    private static readonly string[] Japanese = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田", "松本", "井上", "木村", "清水"];
    private static readonly string[] ChinesePlaces = ["云川", "青石", "临江", "白塔", "东岭", "泉口", "安河", "北坪", "柳屯", "西港", "南桥", "梅岗"];
    private static readonly string[] JapanesePlaces = ["青葉町", "北浜", "松原", "川口", "緑ヶ丘", "港南", "白石", "若草", "東山", "桜台", "八幡", "竹下"];
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static void Word(TextBuffer to, Dice dice, int syllables)
    {
        for (var i = 0; i < syllables; i++)
        {
            to.Append(dice.Pick(Onsets));
            to.Append(dice.Pick(Vowels));
            if (i == syllables - 1 || dice.Chance(0.25)) to.Append(dice.Pick(Codas));
        }
    }

    private static void Name(TextBuffer to, Dice dice)
    {
        var start = to.Length;
        Word(to, dice, dice.Chance(0.7) ? 2 : 3);
        to.Capitalise(start);
    }

    public static void GivenName(TextBuffer to, Dice dice, Tongue tongue) => to.Append(tongue.Code switch
    {
        "zh" => dice.Pick(Chinese),
        "ja" => dice.Pick(Japanese),
        _ => dice.Pick(Given),
    });

    public static void Person(TextBuffer to, Dice dice, Tongue tongue)
    {
        GivenName(to, dice, tongue);
        if (tongue.Dense) return;
        to.Append(' ');
        Name(to, dice);
    }

    public static void Place(TextBuffer to, Dice dice, Tongue tongue)
    {
        if (tongue.Code == "zh") to.Append(dice.Pick(ChinesePlaces));
        else if (tongue.Code == "ja") to.Append(dice.Pick(JapanesePlaces));
        else
        {
            var start = to.Length;
            Word(to, dice, dice.Between(1, 2));
            to.Append(dice.Pick(Towns));
            to.Capitalise(start);
        }
    }

    public static void Firm(TextBuffer to, Dice dice)
    {
        Name(to, dice);
        to.Append(dice.Pick(Firms));
    }

    public static void Money(TextBuffer to, Dice dice)
    {
        var amount = (long)dice.LogNormal(180, 1.4) + 2;
        to.Append("$€£"[dice.Below(3)]);
        to.Append(amount);
        if (!dice.Chance(0.3)) return;
        to.Append('.');
        to.Append(dice.Between(10, 99));
    }

    public static void Date(TextBuffer to, Dice dice)
    {
        to.Append(dice.Between(1, 28));
        to.Append(' ');
        to.Append(dice.Pick(Months));
        if (!dice.Chance(0.5)) return;
        to.Append(' ');
        to.Append(dice.Between(2019, 2026));
    }

    public static void Reference(TextBuffer to, Dice dice)
    {
        for (var i = dice.Between(2, 3); i > 0; i--) to.Append((char)('A' + dice.Below(26)));
        to.Append('-');
        to.Append(dice.Between(1000, 989999));
    }
}
