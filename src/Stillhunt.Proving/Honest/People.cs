using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>People on their own: each has a line, a client, interests and hours of their own.</summary>
internal sealed class People(Simulation simulation, Dice dice)
{
    private readonly Registry _registry = simulation.Registry;

    private ulong _entered;

    // What well-known agents send as their system text: the same for all who use them.
    private readonly string[] _agentTexts = AgentTexts(simulation, dice);

    private static string[] AgentTexts(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        var section = fill.Tongue.Speech["agentsystem"];
        return [.. Enumerable.Range(0, 4).Select(_ => $"{section.Say(fill)} {section.Say(fill)}")];
    }

    public string AgentText => dice.Pick(_agentTexts);

    public void Casual(int count, string kind = "casual", double craze = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Individual(kind);
            var programmatic = dice.Chance(0.2);
            if (programmatic)
            {
                account.Client = Clients.Pick(dice, ClientUse.Program);
                account.Settings = Settings.ForProgram(dice);
                account.Key ??= _registry.NewKey();
            }

            account.Pathway = programmatic ? "api" : "console";
            account.Models = simulation.Models.Ordinary(dice, 0.3);
            var language = Countries.LanguageOf(account.Country, dice);
            var habit = Habit.Casual(dice);
            if (craze > 0) habit = habit with { FromMs = simulation.Models.LaunchMs - 20 * 3_600_000, SessionsPerDay = habit.SessionsPerDay * 2 };
            Enter(account, new CasualTalk(simulation, dice, language, craze), habit);
        }
    }

    /// <summary>Strangers whose carrier shows a handful of addresses for all of them.</summary>
    public void BehindOneGate(int count)
    {
        var country = Countries.Of("KE");
        var gate = Connection.CarrierGate(country.Mobile[0], 3);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Individual("carrier-nat", country);
            account.Connection = gate.Shared();
            account.Client = Clients.Pick(dice, ClientUse.Phone);
            account.Pathway = "console";
            account.Models = simulation.Models.Ordinary(dice, 0.2);
            Enter(account, new CasualTalk(simulation, dice, "en"), Habit.Casual(dice));
        }
    }

    public void Developers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("developer");
            account.Models = simulation.Models.Ordinary(dice);
            if (dice.Chance(0.2)) account.Connection = Connection.Either(account.Connection, Connection.Servers(dice.Pick(Countries.Hosting), dice.Next(), 1), 0.5);
            if (dice.Chance(0.08)) account.Pathway = dice.Pick<string>(["bedrock", "vertex"]);
            var habit = Habit.Busy(dice);
            // A script in a loop: many requests a minute for a while.
            if (dice.Chance(0.3)) habit = habit with { TurnsPerSession = habit.TurnsPerSession * 4, PauseMs = 1500, SessionsPerDay = habit.SessionsPerDay * 0.4 };
            // A schedule on a server knows no hours.
            if (dice.Chance(0.4)) habit = habit.OfProgram(dice);
            // Some grade, synthesise or ask for reasoning in a product of their own: a template like an operator's, for own work.
            Talk talk = dice.Chance(0.06) ? new TemplateTalk(dice) : new ScriptTalk(simulation, dice);
            Enter(account, talk, habit);
        }
    }

    public void AgentUsers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("coding-agent", use: ClientUse.Agent);
            if (dice.Chance(0.45)) account.Client = Clients.Forgeline(dice);
            // A gateway of their own that passes the client's name on.
            if (dice.Chance(0.07)) account.Client = Clients.Pretended(dice, account.Client, dice.Chance(0.5) ? "go-1.25" : "openssl-3.3");
            account.Models = simulation.Models.Ordinary(dice, 0.7);
            var language = dice.Chance(0.7) ? "en" : Countries.LanguageOf(account.Country, dice);
            Enter(account, new AgentTalk(simulation, dice, dice.Chance(0.8) ? AgentText : null, Toolboxes.Popular(dice), language), dice.Chance(0.15) ? AgentHabit().OfProgram(dice) : AgentHabit());
        }
    }

    public void Tinkerers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("tinkerer");
            account.Models = simulation.Models.Ordinary(dice);
            var habit = Habit.Busy(dice);
            if (dice.Chance(0.2)) habit = habit.OfProgram(dice);
            Enter(account, new TinkerTalk(dice, research: false), habit with { TurnsPerSession = habit.TurnsPerSession * 2 });
        }
    }

    public void Researchers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("safety-research");
            account.Verified = true;
            account.Program = "research";
            account.EmailDomain = "inst-" + _registry.Hex(5) + ".example";
            account.EmailShape = "first.last";
            account.Organization = _registry.NewOrganization();
            if (i % 3 == 0) account.Entitlement = "research agreement " + _registry.Hex(4);
            account.Models = simulation.Models.Ordinary(dice, 0.9);
            var habit = Habit.Busy(dice);
            Enter(account, new TinkerTalk(dice, research: true), habit with { TurnsPerSession = habit.TurnsPerSession * 1.5 });
        }
    }

    public Habit AgentHabit()
    {
        var habit = Habit.Busy(dice);
        return habit with { TurnsPerSession = 4 + dice.LogNormal(10, 0.6), PauseMs = dice.LogNormal(6_000, 0.6) };
    }

    public void Enter(Account account, Talk talk, Habit habit) =>
        new Person(account, talk, habit, simulation.DiceFor("person " + account.Id).Fork(_entered++)).Enter(simulation);
}
