using System.CommandLine;
using System.Globalization;
using Stillhunt.Cli.Files;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Store;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt audit</c>: the trail of verdicts, approvals and reversals.</summary>
internal static class AuditCommand
{
    private const int PageLength = 1000;

    public static Command Make() => new TaughtCommand("audit",
        "Export the audit trail, and verify that nothing in it was changed.",
        """
        Examples:
          stillhunt audit export --out audit.jsonl
          stillhunt audit verify audit.jsonl
          stillhunt audit verify                 (the store itself)
        Note the head that 'verify' prints somewhere else: a chain cut at its end is whole.
        """)
    {
        Export(), Verify(),
    };

    private static Command Export()
    {
        var store = new StoreOption();
        var to = new FileOption<string?>("--out", FileUse.Written) { Form = OutputForm.Any, Description = "Default: standard output.", HelpName = "FILE" };
        var command = new Command("export", "Write the trail, one record a line.") { to };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            void Write(TextWriter writer)
            {
                foreach (var record in Records(opened.Audit)) writer.Write(AuditJson.Of(record) + "\n");
            }

            if (parsed.GetValue(to) is { } path) OutputFile.WriteText(path, Write);
            else Write(Console.Out);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Verify()
    {
        var file = new FileArgument<string?>("FILE", FileUse.Read) { Description = "An export; without it the store's own trail.", Arity = ArgumentArity.ZeroOrOne };
        var head = new Option<string?>("--head") { Description = "The head that was noted before; the trail must contain it.", HelpName = "HASH" };
        var store = new StoreOption();
        var command = new Command("verify", "Follow the chain of hashes. Exit code 1 where it breaks.") { file, head };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(file) is { } path) return Tell(Records(path), parsed.GetValue(head));
            using var opened = store.Open(parsed);
            return Tell(Records(opened.Audit), parsed.GetValue(head));
        });
        return command;
    }

    private static int Tell(IEnumerable<AuditRecord> records, string? noted)
    {
        var met = noted is null;
        IEnumerable<AuditRecord> Watched()
        {
            foreach (var record in records)
            {
                met |= Convert.ToHexStringLower(record.Hash).Equals(noted, StringComparison.OrdinalIgnoreCase);
                yield return record;
            }
        }

        if (AuditJson.Verify(Watched(), out var count, out var head) is { } broken) throw new InvalidDataException(broken);
        if (!met) throw new InvalidDataException($"The chain is whole, and the head {noted} is not in it: it was cut, or is another trail.");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} records, unbroken; head {head}"));
        return ExitCodes.Done;
    }

    private static IEnumerable<AuditRecord> Records(string path)
    {
        long number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length > 0) yield return Read(line, path, number);
        }
    }

    private static AuditRecord Read(string line, string path, long number)
    {
        try
        {
            return AuditJson.Read(line);
        }
        catch (FormatException fault)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: {fault.Message}"), fault);
        }
    }

    private static IEnumerable<AuditRecord> Records(IAuditStore store)
    {
        long last = 0;
        IReadOnlyList<AuditRecord> page;
        while ((page = store.After(last, PageLength)).Count > 0)
        {
            foreach (var record in page) yield return record;
            last = page[^1].Seq;
        }
    }
}
