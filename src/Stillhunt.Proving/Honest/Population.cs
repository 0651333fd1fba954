using Stillhunt.Proving.Work;

namespace Stillhunt.Proving.Honest;

/// <summary>Everybody who is honest, in the proportions of the range: people first, look-alikes of every kind beside them.</summary>
internal static class Population
{
    /// <summary>About how many exchanges an honest account sends in five days; measured, for sizing only.</summary>
    public const double ExchangesPerAccount = 33;

    /// <returns>An app of the awkward ones that an operator may copy; null where they are left out.</returns>
    public static SharedApp? Enter(Simulation simulation, int accounts, bool awkward)
    {
        var dice = simulation.DiceFor("population");
        var people = new People(simulation, dice.Fork("people"));
        var groups = new Groups(simulation, dice.Fork("groups"), people);
        var jobs = new Jobs(simulation, dice.Fork("jobs"));
        var days = (simulation.EndMs - simulation.StartMs) / 86_400_000.0;

        var app = awkward ? new Awkward(simulation, dice.Fork("awkward"), people).Enter(accounts) : null;
        people.BehindOneGate(Share(0.06));
        people.Casual(Share(0.035), "viral", craze: 0.55);
        people.Developers(Share(0.11));
        people.AgentUsers(Share(0.045));
        people.Tinkerers(Share(0.008));
        people.Researchers(Math.Max(3, Share(0.003)));

        groups.Startups(Share(0.014));
        groups.OwnKeyApp(Share(0.075), modular: false);
        groups.OwnKeyApp(Share(0.045), modular: true);
        groups.WrapperApp(Share(0.03));
        groups.Tutoring(Share(0.028));
        Several(Share(0.022), 8, 30, n => groups.Seats(n));
        Several(Share(0.02), 10, 32, groups.Classroom);
        Several(Share(0.014), 10, 40, groups.Hackathon);
        groups.Resellers(Math.Max(1, Share(0.0009)));
        groups.Agency(Math.Max(4, Share(0.003)));

        var perJob = (int)(240 * days);
        for (var left = Share(0.0065); left > 0;) left -= jobs.Batch(Math.Max(200, (int)(perJob * (0.5 + dice.Unit()))));
        jobs.Evaluation(Math.Max(4, Share(0.004)), (int)(Math.Max(4, Share(0.004)) * 36 * days));
        jobs.BuildGraders(Math.Max(2, Share(0.008)));
        jobs.Licensed(3, (int)(180 * days));

        people.Casual(accounts - simulation.Registry.Accounts.Count(a => a.Campaign is null));
        return app;

        int Share(double share) => (int)Math.Round(accounts * share);

        // Groups of a realistic size, as many as make up the share.
        void Several(int total, int least, int most, Action<int> make)
        {
            while (total > 0)
            {
                var size = Math.Min(Math.Max(total, least), dice.Between(least, most));
                make(size);
                total -= size;
            }
        }
    }
}
