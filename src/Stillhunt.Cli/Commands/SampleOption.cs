using System.CommandLine;
using System.Globalization;
using Stillhunt.Profiles;

namespace Stillhunt.Cli.Commands;

/// <summary><c>--sample N</c>: how many exchanges are kept for detection, which is what bounds its memory and its time.</summary>
internal sealed class SampleOption
{
    /// <summary>Of less no campaign could be told.</summary>
    private const long Least = 1000;

    private readonly Option<long> _option = new("--sample")
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"Exchanges that are kept for detection at most, of all accounts together, some 1.3 kB of memory each: above it fewer than {AccountDay.SampleSize} of each account and day are kept, and up to {AccountDay.CloseSampleSize} where all are no more than {Snapshot.MostSampledClosely:N0}. Counts stay exact. Default: {Snapshot.MostSampled:N0}."),
        DefaultValueFactory = _ => Snapshot.MostSampled, HelpName = "N",
    };

    public void AddTo(Command command) => command.Add(_option);

    /// <exception cref="UsageException">Too few.</exception>
    public long Read(ParseResult parsed) => parsed.GetValue(_option) is var most && most >= Least ? most
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--sample takes a number of exchanges from {Least} on, not {most}."));
}
