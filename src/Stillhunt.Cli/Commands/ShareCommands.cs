using System.CommandLine;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share</c>: what one provider learned, for the next.</summary>
internal static class ShareCommands
{
    public static Command Make(CancellationToken interrupted) => new("share", "Turn campaigns into intelligence that others can use, and put theirs to work (docs/sharing.md).")
    {
        ShareExportCommand.Make(), ShareImportCommand.Make(), ShareKeyCommand.Make(), SharePullCommand.Make(interrupted), SharePushCommand.Make(interrupted), ShareCollectionCommand.Make(),
    };
}
