namespace Stillhunt.Fingerprinting;

/// <summary>
/// Folds a code point to the one form that the lexicon is matched in: lower case, no accents, ASCII for full width,
/// simplified for traditional characters, one Arabic letter for its spellings, '0' for every digit.
/// </summary>
/// <remarks>A table of our own: Unicode normalisation depends on the globalisation mode of the process.</remarks>
internal static class TextFolding
{
    /// <summary>Stands for a character that separates words.</summary>
    public const char Separator = '\0';

    /// <summary>Stands for what joins the words of a phrase: space, hyphen, underscore, apostrophe.</summary>
    public const char Joiner = ' ';

    /// <summary>Stands for a mark that is dropped: accents, Arabic vowel signs, the Devanagari nukta.</summary>
    public const char Ignored = '\u0001';

    // From, then to, character by character.
    private static readonly (string From, string To)[] Pairs =
    [
        ("àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĳĵķĸĺļľŀłńņňŉŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžſưİ",
         "aaaaaaaceeeeiiiidnoooooouuuuytyaaaccccddeeeeegggghhiiiiiijkklllllnnnnnoooorrrsssstttuuuuuuwyzzzsui"),
        ("ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơư",
         "aaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyyou"),
        ("ёѐѝіїґєў", "ееииигеу"),
        ("أإآٱىةئؤ", "اااايهيو"),
        ("ँ", "ं"),
        ("問題這個們說請輸詞語譯過維鏈導論證據斷開顯給對錯誤標準創編寫樣試評價級較優選擇訓練數據庫調處執環節點擊圖讀實驗總結縮淨潔條線屬關鍵參應該內隱",
         "问题这个们说请输词语译过维链导论证据断开显给对错误标准创编写样试评价级较优选择训练数据库调处执环节点击图读实验总结缩净洁条线属关键参应该内隐"),
        ("複雜難變種類範圍業務員響應體場務計劃動態觀察記錄軌跡對話會議繼續網頁滑鼠圖標輸贏勝誰測檢驗滿與無後從當時間讓還沒現為麼樣獨確經歷機構產發報質檔終階",
         "复杂难变种类范围业务员响应体场务计划动态观察记录轨迹对话会议继续网页滑鼠图标输赢胜谁测检验满与无后从当时间让还没现为么样独确经历机构产发报质档终阶"),
    ];

    /// <summary>The folded form of every code point of the basic plane; other planes are separators.</summary>
    public static char[] BuildTable()
    {
        var table = new char[0x10000];
        for (var code = 0; code < table.Length; code++) table[code] = Fold((char)code);
        foreach (var (from, to) in Pairs)
        {
            for (var i = 0; i < from.Length; i++)
            {
                table[from[i]] = to[i];
                var upper = char.ToUpperInvariant(from[i]);
                if (upper != from[i]) table[upper] = to[i];
            }
        }

        return table;
    }

    /// <summary>Scripts written without spaces, and Korean, whose particles cling: terms match anywhere in the text.</summary>
    public static bool IsRunning(char folded) =>
        folded is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff' or >= '\uac00' and <= '\ud7a3' or '\u3005';

    private static char Fold(char code)
    {
        if (code is >= '\uff01' and <= '\uff5e') code = (char)(code - 0xfee0);
        if (code is ' ' or '-' or '_' or '\'' or '\u2019' or '\u00a0' or '\u2010' or '\u2011' or '\u200c') return Joiner;
        if (char.IsDigit(code)) return '0';
        if (code is >= '\u0300' and <= '\u036f' or >= '\u064b' and <= '\u0652' or '\u0640' or '\u093c' or '\u00ad' or '\u200d') return Ignored;
        if (code is >= '\u0900' and <= '\u097f') return code is '\u0964' or '\u0965' ? Separator : code;
        return char.IsLetter(code) ? char.ToLowerInvariant(code) : Separator;
    }
}
