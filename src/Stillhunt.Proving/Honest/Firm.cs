using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A company that pays for all of its accounts. Not every one declares them as one organisation: small ones sign up again where a limit is in the way.</summary>
internal sealed class Firm(Simulation simulation, Dice dice, string kind, double declares = 1)
{
    private readonly Registry _registry = simulation.Registry;
    private readonly string _domain = simulation.Registry.NewDomain();
    private readonly string? _organization = dice.Chance(declares) ? simulation.Registry.NewOrganization() : null;
    private Account? _payer;

    public Account Hire()
    {
        var account = _registry.Business(kind, _organization ?? _registry.NewOrganization(), _domain, _payer?.Country);
        if (_organization is null && dice.Chance(0.5)) account.Organization = null;
        account.Models = simulation.Models.Ordinary(dice);
        if (_payer is null) return _payer = account;
        (account.Payment, account.Issuer, account.Tier) = (_payer.Payment, _payer.Issuer, _payer.Tier);
        account.CreatedMs = Math.Min(simulation.EndMs, _payer.CreatedMs + (long)dice.Exponential(15 * 86_400_000.0));
        account.Connection = _payer.Connection.Shared();
        account.Client = dice.Chance(0.85) ? _payer.Client : Clients.Pick(dice, ClientUse.Program);
        account.Settings = dice.Chance(0.8) ? _payer.Settings : account.Settings;
        return account;
    }

    public Account[] Hire(int count) => [.. Enumerable.Range(0, count).Select(_ => Hire())];
}
