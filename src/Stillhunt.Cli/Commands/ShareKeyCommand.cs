using System.CommandLine;
using System.Globalization;
using System.Text;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share key</c>: the secret of a sharing group, or a new epoch of it.</summary>
internal static class ShareKeyCommand
{
    private const int DefaultDays = 180;

    public static Command Make()
    {
        var file = new FileArgument<string>("FILE", FileUse.Kept) { Form = OutputForm.Any, Description = "The key file; it is made, or gets one more epoch." };
        var group = new Option<string>("--group") { Description = "Name of the group; letters, digits, '.', '-' and '_'.", HelpName = "NAME", Required = true };
        var epoch = new Option<string>("--epoch") { Description = "Name of the epoch, such as 2026-H2.", HelpName = "NAME", Required = true };
        var days = new Option<int>("--days") { Description = "How long the epoch is valid from now on.", DefaultValueFactory = _ => DefaultDays, HelpName = "N" };
        var command = new TaughtCommand("key",
            "Make the secret under which a sharing group compares sketches, or add an epoch to it. Hand the file to the members yourself, as you would a password.",
            """
            Example:
              stillhunt share key lab-exchange.key --group lab-exchange --epoch 2026-H2

            Members can compare what they guess: a keyed hash hides a value from a member only if it can't be guessed. Addresses and mail domains are
            therefore shared in clear or not at all.
            """)
        { file, group, epoch, days };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var (name, epochName, length) = (parsed.GetValue(group)!, parsed.GetValue(epoch)!, parsed.GetValue(days));
            if (!GroupKey.IsName(name) || !GroupKey.IsName(epochName)) throw new UsageException("--group and --epoch take names of at most 64 letters, digits, '.', '-' and '_'.");
            if (length is < 1 or > 3660) throw new UsageException("--days takes a number from 1 to 3660.");
            var known = File.Exists(path) ? GroupKey.Load(path) : null;
            if (known is not null && known.Group != name) throw new UsageException($"{path} is the key of the group {known.Group}, not of {name}.");
            if (known?.Find(name, epochName) is not null) throw new UsageException($"{path} has an epoch {epochName} already; an epoch's secret is never replaced.");
            var now = TimeProvider.System.GetUtcNow();
            var key = GroupKey.WithNewEpoch(known, name, epochName, now, now.AddDays(length));
            WriteSecret(path, key.ToJson().ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {epochName} of {name} is in {path}, valid until {now.AddDays(length):yyyy-MM-dd}. Whoever holds the file can compare sketches."));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>For the owner's eyes alone from the first byte on.</summary>
    private static void WriteSecret(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var partial = path + ".partial";
        File.Delete(partial);
        using (var to = new StreamWriter(partial, new UTF8Encoding(false), options)) to.Write(text + "\n");
        File.Move(partial, path, overwrite: true);
    }
}
