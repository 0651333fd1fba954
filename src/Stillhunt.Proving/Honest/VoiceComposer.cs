using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A company's work by its own template, or by one that is public: the voice around each item of its list.</summary>
internal sealed class VoiceComposer(Voice[] voices, double median, string language = "en", int[]? interests = null, double sigma = 0.55) : Composer
{
    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        var dice = worker.Dice;
        var fill = simulation.Speaking(dice, Tongue.Of(language), interests ?? []);
        var items = simulation.Items;
        fill[Slot.Item] = items.Say(fill, item.Kind, item.Seed);
        fill[Slot.Answer] = items.Sentences(fill, "answer", 1 + dice.Below(4), item.Seed + 1);
        fill[Slot.Other] = items.Sentences(fill, dice.Chance(0.5) ? "critic" : "answer", 1 + dice.Below(3), item.Seed + 2);
        fill[Slot.Extra] = items.Sentences(fill, "did", 1, item.Seed + 3);
        var start = draft.Text.Length;
        var (system, turn) = voices[item.Task % voices.Length].Write(draft.Text, fill);
        if (system > 0) draft.SetSystem(start, system);
        draft.Add(Speaker.User, start + system, turn);
        if (worker.Account.EndUsers is { } users) draft.EndUser = dice.Pick(users);
        Answer.Give(draft, dice, median, sigma);
    }
}
