using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;

namespace Stillhunt.Cli.Duels;

/// <summary>Passes exchanges to the observer, and shows each to whoever looks for replacements of known campaigns.</summary>
internal sealed class WatchedIntake(Observer observer, SuccessionTally succession) : IExchangeSink
{
    public void Accept(Exchange exchange, LogPosition position)
    {
        observer.Accept(exchange, position);
        succession.Look(exchange, LogFile.DefaultSource);
    }

    public void Reject(Rejection rejection, LogPosition position) => observer.Reject(rejection, position);

    public void DroppedField(string field, LogPosition position) => observer.DroppedField(field, position);
}
