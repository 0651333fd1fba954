using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary>The options by which a scan looks for indicators of others.</summary>
internal sealed class IntelOptionSet
{
    private readonly FileOption<string?> _intel = new("--intel", FileUse.Read) { Description = "Look for what others shared: the store that 'share import' writes, or a STIX bundle. A match raises suspicion and convicts nobody.", HelpName = "FILE" };
    private readonly FileOption<string?> _key = new("--group-key", FileUse.Read) { Description = "The sharing group's key, for sketches; goes with --intel.", HelpName = "FILE" };
    private readonly FileOption<string?> _allow = new("--allow", FileUse.Read) { Description = "Accounts, addresses, networks, domains and indicators that no match may hit, one a line; goes with --intel.", HelpName = "FILE" };

    private readonly Option<string?> _producer = new("--producer") { Description = "The name under which you share: what comes back of your own by others is not looked for; goes with --intel.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _intel, _key, _allow, _producer }) command.Add(option);
    }

    /// <param name="leaveOut">Kinds of evidence that may play no part.</param>
    /// <exception cref="UsageException">The options don't go together.</exception>
    public IntelRequest? Read(ParseResult parsed, string? part, IReadOnlySet<string> leaveOut)
    {
        var (path, key, allow, producer) = (parsed.GetValue(_intel), parsed.GetValue(_key), parsed.GetValue(_allow), parsed.GetValue(_producer)?.Trim());
        if (path is null)
        {
            if ((key ?? allow ?? producer) is not null) throw new UsageException("--group-key, --allow and --producer go with --intel.");
            return null;
        }

        if (part is not null) throw new UsageException("--intel goes with a whole scan: a part keeps no text to look in.");
        var options = new IntelOptions { Now = TimeProvider.System.GetUtcNow(), Key = key is null ? null : GroupKey.Load(key), LeaveOut = leaveOut, Own = producer is null ? null : CampaignExport.ProducerId(producer) };
        if (allow is null) return new IntelRequest(IntelFile.Read(path), options);
        if (!File.Exists(allow)) throw new FileNotFoundException($"There is no allow list {allow}.", allow);
        using var from = File.OpenText(allow);
        return new IntelRequest(IntelFile.Read(path), options with { Allowed = AllowList.Read(from) });
    }
}
