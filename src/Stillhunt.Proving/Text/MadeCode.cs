using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>Source code, paths, log lines and tables as they stand in developers' prompts and tool results.</summary>
internal static class MadeCode
{
    private static readonly string[] Verbs = ["load", "parse", "merge", "flush", "build", "emit", "scan", "rank", "fold", "sync", "trim", "pack", "route", "hash", "render", "split", "fetch", "lock", "retry", "encode", "patch", "visit", "drain", "index"];
    private static readonly string[] Nouns = ["order", "ticket", "frame", "ledger", "token", "batch", "node", "cursor", "shard", "packet", "route", "invoice", "widget", "queue", "tensor", "glyph", "tile", "bucket", "record", "session", "cache", "graph", "chunk", "cell", "vector", "stream", "claim", "slot", "badge", "sensor", "kernel", "price"];
    private static readonly string[] Kinds = ["Store", "Reader", "Planner", "Adapter", "Gate", "Runner", "Index", "View", "Loader", "Ledger", "Mapper", "Pool", "Broker", "Cursor", "Client"];
    private static readonly string[] Folders = ["src", "lib", "pkg", "internal", "app", "core", "services", "tests", "web", "cmd", "modules", "tools"];
    private static readonly string[] Endings = [".py", ".ts", ".go", ".rs", ".java", ".cs", ".tsx", ".rb", ".cpp", ".kt"];
    private static readonly string[] Faults = ["KeyError", "TimeoutError", "NullReferenceException", "panic: index out of range", "TypeError", "ECONNRESET", "AssertionError", "borrow checker", "segfault", "ValueError", "deadlock detected"];
    private static readonly string[] Columns = ["region", "units", "margin", "week", "churned", "age_band", "latency_ms", "store", "refunds", "score", "clicks", "temp_c", "stock", "plan", "visits"];

    public static void Identifier(TextBuffer to, Dice dice)
    {
        to.Append(dice.Pick(Verbs));
        to.Append('_');
        to.Append(dice.Pick(Nouns));
        if (dice.Chance(0.5)) return;
        to.Append('_');
        MadeWords.Word(to, dice, 1);
    }

    public static void TypeName(TextBuffer to, Dice dice)
    {
        var start = to.Length;
        if (dice.Chance(0.5)) MadeWords.Word(to, dice, 2);
        else to.Append(dice.Pick(Verbs));
        to.Capitalise(start);
        start = to.Length;
        to.Append(dice.Pick(Nouns));
        to.Capitalise(start);
        to.Append(dice.Pick(Kinds));
    }

    public static void Path(TextBuffer to, Dice dice)
    {
        to.Append(dice.Pick(Folders));
        for (var i = dice.Between(1, 3); i > 0; i--)
        {
            to.Append('/');
            if (dice.Chance(0.3)) MadeWords.Word(to, dice, 2);
            else to.Append(dice.Pick(Nouns));
        }

        to.Append('_');
        to.Append(dice.Pick(Verbs));
        to.Append(dice.Pick(Endings));
    }

    public static void Snippet(TextBuffer to, Dice dice)
    {
        switch (dice.Below(4))
        {
            case 0: Python(to, dice); break;
            case 1: Script(to, dice); break;
            case 2: Go(to, dice); break;
            default: Sql(to, dice); break;
        }
    }

    private static void Python(TextBuffer to, Dice dice)
    {
        to.Append("def ");
        Identifier(to, dice);
        to.Append('(');
        to.Append(dice.Pick(Nouns));
        to.Append("s, limit=");
        to.Append(dice.Between(2, 500));
        to.Append("):\n");
        for (var i = dice.Between(1, 4); i > 0; i--)
        {
            to.Append("    ");
            to.Append(dice.Pick(Nouns));
            to.Append(" = ");
            Identifier(to, dice);
            to.Append('(');
            to.Append(dice.Pick(Nouns));
            to.Append(dice.Chance(0.5) ? "s[limit:])\n" : "s)\n");
        }

        to.Append(dice.Chance(0.5) ? "    return sorted(" : "    return list(");
        to.Append(dice.Pick(Nouns));
        to.Append("s)\n");
    }

    private static void Script(TextBuffer to, Dice dice)
    {
        to.Append("export async function ");
        Identifier(to, dice);
        to.Append("(input: ");
        TypeName(to, dice);
        to.Append(") {\n");
        for (var i = dice.Between(1, 3); i > 0; i--)
        {
            to.Append("  const ");
            to.Append(dice.Pick(Nouns));
            to.Append(" = await this.");
            to.Append(dice.Pick(Nouns));
            to.Append('.');
            to.Append(dice.Pick(Verbs));
            to.Append("(input.");
            to.Append(dice.Pick(Nouns));
            to.Append(");\n");
        }

        to.Append("}\n");
    }

    private static void Go(TextBuffer to, Dice dice)
    {
        to.Append("func (s *");
        TypeName(to, dice);
        to.Append(") ");
        TypeName(to, dice);
        to.Append("(ctx context.Context) error {\n\tfor i := 0; i < ");
        to.Append(dice.Between(2, 900));
        to.Append("; i++ {\n\t\ts.");
        to.Append(dice.Pick(Nouns));
        to.Append("s <- s.");
        to.Append(dice.Pick(Verbs));
        to.Append("(i)\n\t}\n\treturn nil\n}\n");
    }

    private static void Sql(TextBuffer to, Dice dice)
    {
        to.Append("select ");
        to.Append(dice.Pick(Columns));
        to.Append(", count(*) from ");
        to.Append(dice.Pick(Nouns));
        to.Append("s where ");
        to.Append(dice.Pick(Columns));
        to.Append(" > ");
        to.Append(dice.Between(1, 4000));
        to.Append(" group by ");
        to.Append(dice.Pick(Columns));
        to.Append('\n');
    }

    public static void LogLines(TextBuffer to, Dice dice)
    {
        for (var i = dice.Between(1, 4); i > 0; i--)
        {
            if (dice.Chance(0.4)) to.Append(dice.Pick(Faults));
            else to.Append(dice.Chance(0.5) ? "warn" : "info");
            to.Append(" at ");
            Path(to, dice);
            to.Append(':');
            to.Append(dice.Between(3, 1900));
            to.Append(" (");
            Identifier(to, dice);
            to.Append(")\n");
        }
    }

    public static void TableRows(TextBuffer to, Dice dice)
    {
        var width = dice.Between(3, 5);
        var first = dice.Below(Columns.Length);
        for (var c = 0; c < width; c++)
        {
            if (c > 0) to.Append(',');
            to.Append(Columns[(first + c * 4) % Columns.Length]);
        }

        for (var r = dice.Between(3, 7); r > 0; r--)
        {
            to.Append('\n');
            for (var c = 0; c < width; c++)
            {
                if (c > 0) to.Append(',');
                if (c == 0 && dice.Chance(0.5)) MadeWords.Word(to, dice, 2);
                else to.Append((long)dice.LogNormal(80, 1.2));
            }
        }
    }
}
