using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Operators;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Companies whose daily work looks like an operator's: one payer, one template, items dealt out once, long answers, hours without a person in them.</summary>
internal sealed class Trades(Simulation simulation, Dice dice)
{
    private const long Hour = 3_600_000;

    private long Span => simulation.EndMs - simulation.StartMs;

    private double Days => Span / (24.0 * Hour);

    /// <summary>A copy-writing shop: one long brief a client, keyphrases and sheets dealt out once, answers of a thousand words.</summary>
    public int ContentShop() => Work("content-shop", "content", dice.Between(2, 6), 60, 1400, [ItemKind.Business, ItemKind.Business, ItemKind.Writing], declares: 0.6, clients: dice.Between(1, 5));

    /// <summary>A translation agency: house style and glossary around segments; an answer is about as long as its segment.</summary>
    public int TranslationAgency() => Work("translation-agency", "localising", dice.Between(2, 5), 70, 520, [ItemKind.Business, ItemKind.Writing, ItemKind.Data], declares: 0.7, clients: dice.Between(2, 6));

    /// <summary>A labelling hall: a handbook, a label, reasons in full sentences, in two shifts.</summary>
    public int Labelling() => Work("labelling", "labelling", dice.Between(4, 12), 70, 240, [ItemKind.Business, ItemKind.Question, ItemKind.Writing], declares: 0.6, clients: dice.Between(1, 3));

    /// <summary>An enterprise's batch over many keys of its own: reports and lesson texts of a thousand tokens and more, each record once.</summary>
    public int LongBatch() =>
        Work("long-batch", dice.Pick<string>(["content", "localising", "labelling"]), dice.Between(6, 16), 60, 1700, [ItemKind.Business, ItemKind.Data, ItemKind.Code, ItemKind.Question], declares: 0.85, clients: 1);

    private int Work(string kind, string grammar, int accounts, double aDay, double median, ItemKind[] items, double declares, int clients)
    {
        var firm = new Firm(simulation, dice, kind, declares);
        var voices = Enumerable.Range(0, clients).Select(_ => new Voice(grammar, "en", dice, dice.Chance(0.75) ? Spread.Fixed : Spread.Recombining)).ToArray();
        var field = CasualTalk.Interests(dice);
        var total = (int)Math.Max(20, accounts * aDay * Days * (0.6 + 0.8 * dice.Unit()));
        var flat = dice.Chance(0.55);
        var onGrid = dice.Chance(0.3);
        var list = new WorkList(total, d => new WorkItem(d.Next(), d.Pick(items), (byte)d.Below(clients), 0, 0), dice.Fork("list " + kind))
        {
            ReleaseEveryMs = onGrid ? 6 * Hour : 0,
            ReleaseSize = onGrid ? Math.Max(1, (long)(total / (4 * Days))) : 0,
            FirstReleaseMs = simulation.StartMs,
            BestOfShare = dice.Chance(0.2) ? 0.05 : 0,
            BestOf = 2,
        };
        var sigma = TraceFigures.PauseSigma(dice);
        Func<Account, Dice, Rhythm>? hours = flat ? null : (a, d) => Rhythm.LongHours(a.Country.HoursFromUtc, d);
        var crew = new Crew
        {
            List = list,
            Composer = new VoiceComposer(voices, median * (0.7 + 0.6 * dice.Unit()), interests: field, sigma: TraceFigures.OutputSigma(dice)),
            PauseMs = Math.Max(500, TraceFigures.MedianOf((Span * (flat ? 0.8 : 0.45) * accounts / total) - 20_000, sigma)),
            PauseSigma = sigma,
            PaceSigma = dice.Chance(0.5) ? 0.1 : 0.5,
            Hours = hours,
            ThrottledShare = 0.015,
        };
        var settings = Settings.ForLongOutput(dice);
        foreach (var account in firm.Hire(accounts))
        {
            account.Settings = settings;
            account.Models = simulation.Models.Ordinary(dice, 0.7);
            crew.Start(simulation, account, simulation.StartMs + (long)(dice.Unit() * 5 * Hour));
        }

        return accounts;
    }

    /// <summary>An evaluation company with a seat for each analyst: public sets over all models, answers judged, busier on the day of a new model.</summary>
    public void EvaluationFirm(int seats)
    {
        var firm = new Firm(simulation, dice, "evaluation-firm");
        var sets = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, dice.Between(80, 250)).Select(_ => dice.Next()).ToArray()).ToArray();
        ItemKind[] kinds = [ItemKind.Maths, ItemKind.Question, ItemKind.Code, ItemKind.Writing];
        var composers = new[] { new EvaluationComposer(simulation, dice), new EvaluationComposer(simulation, dice) };
        var seatsOf = firm.Hire(seats);
        for (var i = 0; i < seats; i++)
        {
            var set = sets[i % sets.Length];
            var total = (int)Math.Max(6, 22 * Days * (0.5 + dice.Unit()));
            var list = new WorkList(total, d =>
            {
                var at = d.Below(set.Length);
                return new WorkItem(set[at], kinds[at % kinds.Length], (byte)(d.Chance(0.4) ? 1 : 0), 0, 0);
            }, dice.Fork((ulong)i)) { BestOfShare = 0.15 };
            var account = seatsOf[i];
            account.Models = simulation.Models.Pivoting(Models.Large, simulation.Models.LaunchMs + (long)dice.Exponential(5 * Hour), 0.6);
            var crew = new Crew
            {
                List = list, Composer = composers[i % 2], PauseMs = 0.35 * Span / total, ThrottledShare = 0.03,
                Hours = dice.Chance(0.7) ? (a, d) => Rhythm.OfficeHours(a.Country.HoursFromUtc, d) : null,
            };
            crew.Start(simulation, account, simulation.StartMs + (long)(dice.Unit() * 9 * Hour));
        }
    }

    /// <summary>A verified team that elicits reasoning for safety's sake, with an agreement for some of its accounts.</summary>
    public void ResearchTeam(int accounts)
    {
        var firm = new Firm(simulation, dice, "research-team");
        WorkLine[] lines =
        [
            new(Technique.Elicitation, 0.5, [ItemKind.Sensitive, ItemKind.Question, ItemKind.Maths], ["en"]),
            new(Technique.Coercion, 0.2, [ItemKind.Sensitive, ItemKind.Question], ["en"]),
            new(Technique.Probing, 0.3, [ItemKind.Sensitive, ItemKind.Agent], ["en"]),
        ];
        var composer = new ExtractionComposer(lines, new Wording(), dice.Fork("research team")) { RefusalShare = 0.08, MedianTokens = 650 };
        var total = (int)Math.Max(12, accounts * 25 * Days);
        var crew = new Crew
        {
            List = new WorkList(total, composer.NextItem, dice.Fork("research list")), Composer = composer, PauseMs = 0.3 * Span * accounts / total, PaceSigma = 0.7,
            Hours = (a, d) => Rhythm.OfficeHours(a.Country.HoursFromUtc, d), FollowUpShare = 0.3,
            CoverShare = 0.3, Cover = (s, a, d) => new TinkerTalk(d, research: true),
        };
        foreach (var account in firm.Hire(accounts))
        {
            account.Verified = true;
            account.Program = "research";
            if (dice.Chance(0.5)) account.Entitlement = "research agreement " + simulation.Registry.Hex(4);
            account.Models = simulation.Models.Ordinary(dice, 0.9);
            crew.Start(simulation, account, simulation.StartMs + (long)(dice.Unit() * 12 * Hour));
        }
    }

    /// <summary>Companies that know nothing of each other and grade their own bots in CI with the two or three judge templates that everybody uses.</summary>
    public void PublicJudges(int companies)
    {
        var voices = Enumerable.Range(0, 3).Select(_ => new Voice("grading", "en", dice, Spread.Fixed)).ToArray();
        for (var i = 0; i < companies; i++)
        {
            var firm = new Firm(simulation, dice, "public-judge");
            var onGrid = dice.Chance(0.4);
            var accounts = dice.Pick<int>([1, 1, 1, 2, 3]);
            var total = (int)(accounts * (15 + dice.LogNormal(45, 0.7)));
            var voice = voices[dice.Popular(voices.Length)];
            var crew = new Crew
            {
                List = new WorkList(total, d => new WorkItem(d.Next(), d.Chance(0.7) ? ItemKind.Business : ItemKind.Question, 0, 0, 0), dice.Fork((ulong)i))
                {
                    ReleaseEveryMs = onGrid ? Hour * dice.Pick<int>([2, 4, 12]) : (long)(Span / 11.0), ReleaseSize = dice.Between(4, 18), FirstReleaseMs = simulation.StartMs + dice.Below(7) * Hour,
                },
                Composer = new VoiceComposer([voice], 300, interests: CasualTalk.Interests(dice), sigma: TraceFigures.OutputSigma(dice)),
                PauseMs = 3_000,
                Hours = dice.Chance(0.5) ? (a, d) => Rhythm.OfficeHours(a.Country.HoursFromUtc, d) : null,
            };
            foreach (var account in firm.Hire(accounts)) crew.Start(simulation, account, simulation.StartMs + dice.Below(6) * Hour);
        }
    }
}
