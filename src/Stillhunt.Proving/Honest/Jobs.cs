using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Operators;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Honest work lists: batch jobs, evaluations, graders in CI, and one who distils with a licence.</summary>
internal sealed class Jobs(Simulation simulation, Dice dice)
{
    private const long Hour = 3_600_000;
    private readonly Registry _registry = simulation.Registry;

    private long Span => simulation.EndMs - simulation.StartMs;

    /// <summary>An enterprise's job: its own records, dealt out once to one to four keys or accounts of its own.</summary>
    public int Batch(int exchanges)
    {
        var organization = _registry.NewOrganization();
        var domain = _registry.NewDomain();
        var workers = dice.Pick<int>([1, 1, 2, 4]);
        var longText = dice.Chance(0.35);
        var nightly = dice.Chance(0.5);
        var kind = dice.Chance(0.7) ? ItemKind.Business : dice.Pick<ItemKind>([ItemKind.Writing, ItemKind.Data, ItemKind.Question, ItemKind.Code]);
        var composer = new JobComposer(simulation, dice, longText ? 900 : 70, dice.Chance(0.75) ? "en" : dice.Pick(Tongue.Codes));
        var days = Math.Max(1, (int)(Span / (24 * Hour)));
        var list = new WorkList(exchanges, d => new WorkItem(d.Next(), kind, 0, 0, 0), dice.Fork(organization))
        {
            ReleaseEveryMs = nightly ? 24 * Hour : 0,
            ReleaseSize = Math.Max(1, exchanges / days),
            FirstReleaseMs = simulation.StartMs + dice.Below(24) * Hour,
            DuplicateShare = 0.01,
        };
        var crew = new Crew
        {
            List = list,
            Composer = composer,
            PauseMs = nightly ? dice.LogNormal(4_000, 0.5) : Math.Max(500, 0.8 * Span * workers / exchanges),
            ThrottledShare = 0.02,
        };
        var payer = Staff("enterprise-batch", organization, domain, null);
        for (var i = 0; i < workers; i++)
        {
            var account = i == 0 ? payer : Staff("enterprise-batch", organization, domain, payer);
            if (longText) account.Settings = Settings.ForLongOutput(dice);
            crew.Start(simulation, account, simulation.StartMs + (long)(dice.Unit() * 6 * Hour));
        }

        return workers;
    }

    /// <summary>An evaluation company: a bounded set, run over all models, answers graded.</summary>
    public void Evaluation(int accounts, int exchanges)
    {
        var organization = _registry.NewOrganization();
        var domain = _registry.NewDomain();
        var set = Enumerable.Range(0, dice.Between(120, 400)).Select(_ => dice.Next()).ToArray();
        ItemKind[] kinds = [ItemKind.Maths, ItemKind.Question, ItemKind.Code, ItemKind.Sensitive];
        var list = new WorkList(exchanges, d =>
        {
            var at = d.Below(set.Length);
            return new WorkItem(set[at], kinds[at % kinds.Length], (byte)(d.Chance(0.35) ? 1 : 0), 0, 0);
        }, dice.Fork(organization)) { BestOfShare = 0.1 };
        var crew = new Crew { List = list, Composer = new EvaluationComposer(simulation, dice), PauseMs = 0.7 * Span * accounts / exchanges, ThrottledShare = 0.03 };
        var payer = Staff("evaluation", organization, domain, null);
        for (var i = 0; i < accounts; i++)
        {
            crew.Start(simulation, i == 0 ? payer : Staff("evaluation", organization, domain, payer), simulation.StartMs + (long)(dice.Unit() * Hour));
        }
    }

    /// <summary>Graders in build pipelines: a few calls at each push, on the company's own texts.</summary>
    public void BuildGraders(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = Staff("ci-grader", _registry.NewOrganization(), _registry.NewDomain(), null);
            var composer = new GraderComposer(simulation, dice);
            var onGrid = dice.Chance(0.5);
            var total = 20 + (int)dice.LogNormal(40, 0.6);
            var list = new WorkList(total, d => new WorkItem(d.Next(), ItemKind.Business, 0, 0, 0), dice.Fork((ulong)i))
            {
                ReleaseEveryMs = onGrid ? Hour * dice.Pick<int>([1, 3, 6]) : (long)(Span / 9.0),
                ReleaseSize = dice.Between(2, 6),
                FirstReleaseMs = simulation.StartMs + dice.Below(6) * Hour,
            };
            new Crew { List = list, Composer = composer, PauseMs = 2_500, Hours = dice.Chance(0.6) ? (a, d) => Rhythm.OfficeHours(a.Country.HoursFromUtc, d) : null }
                .Start(simulation, account, simulation.StartMs + dice.Below(5) * Hour);
        }
    }

    /// <summary>A customer who bought the right to distil: everything an operator does, with the provider's own record of it.</summary>
    public void Licensed(int accounts, int exchanges)
    {
        var organization = _registry.NewOrganization();
        var domain = _registry.NewDomain();
        WorkLine[] lines = [new(Technique.Elicitation, 0.6, [ItemKind.Question, ItemKind.Maths], ["en"]), new(Technique.Synthesis, 0.4, [ItemKind.Writing, ItemKind.Question], ["en"])];
        var composer = new ExtractionComposer(lines, new Wording(), dice.Fork("licensed"));
        var crew = new Crew { List = new WorkList(exchanges, composer.NextItem, dice.Fork(organization)), Composer = composer, PauseMs = 0.7 * Span * accounts / exchanges };
        var payer = Staff("licensed", organization, domain, null);
        for (var i = 0; i < accounts; i++)
        {
            var account = i == 0 ? payer : Staff("licensed", organization, domain, payer);
            account.Entitlement = "distillation licence " + organization[^4..];
            account.Verified = true;
            account.Settings = Settings.ForLongOutput(dice);
            account.Models = simulation.Models.Ordinary(dice, 0.9);
            crew.Start(simulation, account, simulation.StartMs + (long)(dice.Unit() * Hour));
        }
    }

    private Account Staff(string kind, string organization, string domain, Account? payer)
    {
        var account = _registry.Business(kind, organization, domain, payer?.Country);
        account.Models = simulation.Models.Ordinary(dice);
        if (payer is null) return account;
        (account.Payment, account.Issuer, account.Tier, account.Connection, account.Client) = (payer.Payment, payer.Issuer, payer.Tier, payer.Connection.Shared(), payer.Client);
        return account;
    }
}
