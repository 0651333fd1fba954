using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Strangers with one thing in common: a public prompt, an extension, an app's template, a new model.</summary>
internal sealed class Crowds(Simulation simulation, Dice dice, People people)
{
    private const long Hour = 3_600_000;
    private readonly Registry _registry = simulation.Registry;

    /// <summary>Users of public collections: long templates that hundreds copy, filled with matters of their own.</summary>
    public void PromptLibrary(int count)
    {
        var shelf = Enumerable.Range(0, 12).Select(_ => new Voice("library", "en", dice, Spread.Fixed, Layout.AllInTurn)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var programs = dice.Chance(0.25);
            var account = programs ? _registry.Programmer("prompt-library") : _registry.Individual("prompt-library");
            account.Pathway = programs ? "api" : "console";
            account.Models = simulation.Models.Ordinary(dice, 0.5);
            people.Enter(account, new VoiceTalk(shelf, dice, median: 800), Habit.Casual(dice) with { SessionsPerDay = dice.LogNormal(0.9, 0.6) });
        }
    }

    /// <summary>A coding assistant whose makers have no accounts of their own: one system text and one tool set in the hands of hundreds, whole files as answers.</summary>
    public void AssistantExtension(int count, SharedApp app)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("assistant-extension", use: ClientUse.Agent);
            if (dice.Chance(0.9)) account.Client = app.Client;
            account.Settings = app.Settings;
            account.Models = simulation.Models.Ordinary(dice, 0.85);
            people.Enter(account, new AppTalk(simulation, dice, app.System, "code", "en", 1500, tools: app.Tools), Habit.Busy(dice) with { TurnsPerSession = 2 + dice.LogNormal(3, 0.7) });
        }
    }

    /// <summary>An app that writes each user's words into a fixed text and calls with the user's own key; the text may well ask for the steps.</summary>
    public void WrapperApp(int count, string grammar)
    {
        var template = new[] { new Voice(grammar, "en", dice, Spread.Fixed) };
        var client = Clients.Pick(dice, dice.Chance(0.5) ? ClientUse.Program : ClientUse.Phone);
        var settings = Settings.ForLongOutput(dice);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("byok-wrapper");
            account.Client = client;
            account.Settings = settings;
            account.Models = simulation.Models.Ordinary(dice, 0.7);
            people.Enter(account, new VoiceTalk(template, dice, median: 900, goesOn: 0), Habit.Casual(dice) with { SessionsPerDay = dice.LogNormal(1.1, 0.6) });
        }
    }

    /// <summary>Those who come for a new model: fresh accounts and old ones, a handful of trial prompts that everybody sends, then little more.</summary>
    public void LaunchDay(int count)
    {
        var trials = Enumerable.Range(0, 5).Select(i => new Voice(i % 2 == 0 ? "probing" : "library", "en", dice, Spread.Fixed, Layout.AllInTurn)).ToArray();
        var launch = simulation.Models.LaunchMs;
        for (var i = 0; i < count; i++)
        {
            var account = dice.Chance(0.5) ? _registry.Programmer("launch-day") : _registry.Individual("launch-day");
            var came = launch + (long)Math.Min(dice.Exponential(7 * Hour), 60 * Hour);
            if (dice.Chance(0.45)) account.CreatedMs = came - (long)(dice.Unit() * Hour);
            account.ClosedMs = null;
            account.Models = simulation.Models.Pivoting(Models.Large, came, 0.9);
            Talk talk = dice.Chance(0.5) ? new VoiceTalk(trials, dice, median: 650, goesOn: 0.2) : new CasualTalk(simulation, dice, "en", craze: 0.3);
            people.Enter(account, talk, Habit.Casual(dice) with { SessionsPerDay = 2 + dice.LogNormal(2, 0.6), FromMs = came, ToMs = came + (long)(20 * Hour + dice.Exponential(20 * Hour)) });
        }
    }
}
