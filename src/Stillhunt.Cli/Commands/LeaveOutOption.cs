using System.CommandLine;
using Stillhunt.Campaigns;

namespace Stillhunt.Cli.Commands;

/// <summary><c>--leave-out</c>: evidence that may play no part.</summary>
internal sealed class LeaveOutOption
{
    private readonly Option<string?> _kinds = new("--leave-out")
    {
        Description = "Evidence that may play no part, because a law or a contract forbids it or to learn what it contributes: names as reports show them, such as payment,email-domain.", HelpName = "KIND,...",
    };

    public void AddTo(Command command) => command.Add(_kinds);

    /// <exception cref="UsageException">A kind is unknown.</exception>
    public IReadOnlySet<string> Read(ParseResult parsed)
    {
        HashSet<string> kinds = [.. (parsed.GetValue(_kinds) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return kinds.FirstOrDefault(kind => !EvidenceKinds.All.Contains(kind)) is { } unknown
            ? throw new UsageException($"--leave-out: there is no evidence '{unknown}'. There are {string.Join(", ", EvidenceKinds.All)}.")
            : kinds;
    }
}
