using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary>The options by which commands find the store of <c>serve</c>, and the key that it was made with.</summary>
internal sealed class StoreOption
{
    private readonly FileOption<string> _store = new("--store", FileUse.Read) { Description = "The file that 'stillhunt serve' keeps its state in.", HelpName = "FILE", DefaultValueFactory = _ => "stillhunt.db" };
    private readonly FileOption<string?> _key = new("--key-file", FileUse.Read) { Otherwise = HashKeyFile.DefaultPath, Description = "The secret key of your deployment. Default: stillhunt/key in your configuration folder.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(_store);
        command.Add(_key);
    }

    public string Path(ParseResult parsed) => parsed.GetValue(_store)!;

    public KeyedHash Key(ParseResult parsed) => HashKeyFile.LoadOrCreate(parsed.GetValue(_key) ?? HashKeyFile.DefaultPath);

    /// <summary>Opens the store; one that must exist is not made.</summary>
    public SqliteStore Open(ParseResult parsed, bool mustExist = true, bool exclusive = false)
    {
        var path = Path(parsed);
        if (mustExist && !File.Exists(path)) throw new FileNotFoundException($"There is no store {path}; name it with --store.", path);
        return SqliteStore.Open(path, Key(parsed), exclusive);
    }
}
