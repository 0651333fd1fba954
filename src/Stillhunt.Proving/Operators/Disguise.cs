using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>What an operator changes about its accounts when it evades: laid over what the case would sign up.</summary>
internal static class Disguise
{
    public static Func<int, Account> Over(Func<int, Account> signUp, Evasions evasions, Simulation simulation, Dice dice) => number =>
    {
        var account = signUp(number);
        if (evasions.HasFlag(Evasions.DisjointInfrastructure))
        {
            simulation.Registry.NewPayment(account);
            account.Connection = dice.Chance(0.7) ? Connection.Person(account.Country, dice) : Connection.Residential([account.Country], 20);
            account.Client = Clients.Pick(dice, dice.Chance(0.75) ? ClientUse.Program : ClientUse.Agent);
            account.Settings = Settings.ForLongOutput(dice);
            account.Phone = dice.Chance(0.6) ? "ph_" + simulation.Registry.Hex(10) : null;
            account.EmailDomain = "gmail.com";
        }

        if (evasions.HasFlag(Evasions.CopiedClients)) account.Client = dice.Chance(0.5) ? Clients.Forgeline(dice) : Clients.Pick(dice, ClientUse.Program);
        if (evasions.HasFlag(Evasions.AgedVerified))
        {
            account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(160, 0.8) * 86_400_000);
            account.Verified = dice.Chance(0.6);
        }

        if (evasions.HasFlag(Evasions.ModelTiers)) account.Models = simulation.Models.Ordinary(dice, 0.5);
        return account;
    };
}
