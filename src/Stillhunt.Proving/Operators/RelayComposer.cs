using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>
/// The requests of an operator's own users, sent on over whichever account is free: people's words under one system prompt, whose conversations go from
/// account to account. A work item is a user who speaks.
/// </summary>
internal sealed class RelayComposer : Composer
{
    private readonly Talk[] _users;

    public RelayComposer(Simulation simulation, Dice dice, int users)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        var speech = fill.Tongue.Speech;
        var system = speech["product"].Say(fill) + " " + speech["module"].Say(fill) + " " + speech["study"].Say(Asking(fill));
        string[] kinds = ["question", "writing", "code", "maths", "sensitive", "data"];
        _users = [.. Enumerable.Range(0, users).Select(_ => new AppTalk(simulation, dice, system, dice.Pick(kinds), Countries.LanguageOf(Countries.Any(dice), dice), 600))];
    }

    // The app's own text asks for the thinking; there is no item in it.
    private static Fill Asking(Fill fill)
    {
        fill[Slot.Item] = "";
        return fill;
    }

    /// <summary>Some users speak far more than others.</summary>
    public WorkItem NextUser(Dice dice) => new((ulong)dice.Popular(_users.Length, 0.7), ItemKind.Question, 0, 0, 0);

    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item) =>
        _users[item.Seed % (ulong)_users.Length].Compose(simulation, draft, worker.Dice);
}
