using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Work;

namespace Stillhunt.Proving.Honest;

/// <summary>
/// The honest customers that are hardest to clear, beside those of <see cref="Population"/>. Shares of all honest accounts; nobody has published
/// such shares, so they are the range's own assumption, kept small enough that people stay the bulk.
/// </summary>
internal sealed class Awkward(Simulation simulation, Dice dice, People people)
{
    /// <returns>An honest app that an operator may copy.</returns>
    public SharedApp Enter(int accounts)
    {
        var crowds = new Crowds(simulation, dice.Fork("crowds"), people);
        var trades = new Trades(simulation, dice.Fork("trades"));
        crowds.PromptLibrary(Share(0.03));
        var assistant = SharedApp.CodingAssistant(simulation, dice.Fork("assistant"));
        crowds.AssistantExtension(Share(0.035), assistant);
        crowds.WrapperApp(Share(0.012), "library");
        crowds.WrapperApp(Share(0.01), "elicitation");
        crowds.WrapperApp(Share(0.008), "localising");
        crowds.LaunchDay(Share(0.03));
        trades.PublicJudges(Math.Max(4, Share(0.006)));
        Until(Share(0.004), trades.ContentShop);
        Until(Share(0.003), trades.TranslationAgency);
        Until(Share(0.005), trades.Labelling);
        Until(Share(0.006), trades.LongBatch);
        trades.EvaluationFirm(Math.Clamp(Share(0.05), 6, 40));
        trades.ResearchTeam(Math.Clamp(Share(0.006), 4, 12));
        return assistant;

        int Share(double share) => (int)Math.Round(accounts * share);

        static void Until(int total, Func<int> make)
        {
            var made = 0;
            do made += make();
            while (made < total);
        }
    }
}
