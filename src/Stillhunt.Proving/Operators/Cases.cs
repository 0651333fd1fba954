using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>The documented cases as operations. Sizes come from <see cref="CaseSheet"/>; what no source tells is the range's own choice.</summary>
internal sealed class Cases(Simulation simulation, SharedApp? app)
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private readonly Registry _registry = simulation.Registry;

    public void Enter(string caseId)
    {
        var sheet = CaseSheet.All.First(c => c.Id == caseId);
        var dice = simulation.DiceFor("case " + caseId);
        var operation = caseId switch
        {
            "reward-model" => RewardModel(sheet, dice),
            "many-doors" => ManyDoors(sheet, dice),
            "pivot" => Pivot(sheet, dice),
            "language-lock" => LanguageLock(sheet, dice),
            "drizzle" => Drizzle(sheet, dice),
            "two-pools" => TwoPools(sheet, dice),
            "few-heavy" => FewHeavy(sheet, dice),
            "fake-client" => FakeClient(sheet, dice),
            _ => null,
        };
        Operation[] operations = operation is not null ? [operation]
            : new AwkwardCases(simulation, app ?? throw new InvalidOperationException($"The case '{caseId}' needs the awkward customers.")).Of(sheet, dice);
        foreach (var one in operations)
            one.With(simulation.Options.Evasions, simulation, dice.Fork("evasions" + one.Label)).Enter(simulation, dice.Fork("work" + one.Label));
    }

    private int Exchanges(CaseSheet sheet) => sheet.ExchangesAt(simulation.Options.Scale);

    private int Accounts(CaseSheet sheet) => sheet.AccountsAt(simulation.Options.Scale);

    private Account Open(CaseSheet sheet, Dice dice, Country country, ClientUse use = ClientUse.Program, double sideShare = 0.1)
    {
        var account = _registry.Programmer(sheet.Id, country, sheet.Id, use);
        account.ClosedMs = null;
        account.Settings = Settings.ForLongOutput(dice);
        account.Models = Models.Mostly(Models.Large, Models.Medium, sideShare);
        return account;
    }

    private static Country[] Some(Dice dice, int count, params string[] preferred)
    {
        var list = preferred.Select(Countries.Of).ToList();
        while (list.Count < count) list.Add(Countries.Any(dice));
        return [.. list];
    }

    private Operation RewardModel(CaseSheet sheet, Dice dice)
    {
        var accounts = Accounts(sheet);
        var carriers = new[] { dice.Pick(Countries.Hosting), dice.Pick(Countries.Hosting) };
        var nets = carriers.Select(c => Connection.Servers(c, dice.Next(), 6)).ToArray();
        var clients = new[] { Clients.Pick(dice, ClientUse.Program), Clients.Pick(dice, ClientUse.Server) };
        var settings = Enumerable.Range(0, 3).Select(i => Settings.ForLongOutput(dice) with { Logprobs = i == 1 ? true : null }).ToArray();
        var perCard = dice.Between(4, 7);
        var cards = new List<(string? Payment, string? Issuer)>();
        var signedUp = simulation.StartMs - dice.Between(6, 40) * Day;
        var countries = Some(dice, 3, "HK", "SG");
        var shape = dice.Pick(Registry.Shapes);
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = accounts,
            Lines =
            [
                new(Technique.Grading, 0.42, [ItemKind.Question, ItemKind.Code, ItemKind.Writing], ["en"]),
                new(Technique.Reconstruction, 0.33, [ItemKind.Maths, ItemKind.Question], ["en"]),
                new(Technique.Alignment, 0.25, [ItemKind.Sensitive], ["en", "zh"]),
            ],
            ReleasesPerDay = 6 + 4 * dice.Unit(),
            CoverShare = 0.03,
            SignUp = number =>
            {
                var account = Open(sheet, dice, dice.Pick(countries), sideShare: 0.3);
                account.CreatedMs = signedUp + (long)dice.Exponential(1.5 * Day);
                account.Tier = "2";
                while (cards.Count <= number / perCard)
                {
                    _registry.NewPayment(account);
                    cards.Add((account.Payment, account.Issuer));
                }

                (account.Payment, account.Issuer) = cards[number / perCard];
                account.EmailShape = shape;
                account.Connection = nets[number % 2].Shared();
                account.Client = clients[dice.Chance(0.8) ? 0 : 1];
                account.Settings = dice.Pick(settings);
                return account;
            },
        };
    }

    private Operation ManyDoors(CaseSheet sheet, Dice dice)
    {
        string[] pathways = ["api", "api", "console", "bedrock", "vertex"];
        var countries = Some(dice, 6, "SG", "JP", "US");
        var hosting = new[] { dice.Pick(Countries.Hosting), dice.Pick(Countries.Hosting), dice.Pick(Countries.Hosting) };
        var settings = Enumerable.Range(0, 5).Select(_ => Settings.ForLongOutput(dice)).ToArray();
        (string?, string?) card = default;
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines =
            [
                new(Technique.Trajectory, 0.42, [ItemKind.Agent, ItemKind.Code], ["en"]),
                new(Technique.Elicitation, 0.22, [ItemKind.Data], ["en", "zh"]),
                new(Technique.Elicitation, 0.16, [ItemKind.Image], ["en"]),
                new(Technique.Reconstruction, 0.2, [ItemKind.Code, ItemKind.Maths], ["en"]),
            ],
            Wording = new Wording { Voices = 2 },
            FollowUpShare = 0.4,
            CoverShare = 0.15,
            PaceSigma = 0.35,
            Hours = (_, d) => new Rhythm(8, 8 + d.Unit(), 23 + 0.9 * d.Unit(), 0.8),
            SignUp = number =>
            {
                var account = Open(sheet, dice, dice.Pick(countries), dice.Chance(0.5) ? ClientUse.Program : ClientUse.Agent);
                account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(70, 0.8) * Day);
                account.Pathway = dice.Pick(pathways);
                if (account.Pathway == "console") account.Key = null;
                account.Program = dice.Pick<string>(["none", "none", "education", "startup", "research"]);
                account.Tier = dice.Pick<string>(["free", "1", "2", "3", "4"]);
                if (number % 3 == 1 && card.Item1 is not null) (account.Payment, account.Issuer) = card;
                else card = (account.Payment, account.Issuer);
                account.Settings = dice.Pick(settings);
                if (dice.Chance(0.6)) account.Connection = Connection.Servers(dice.Pick(hosting), (ulong)dice.Below(3) * 977, 5);
                return account;
            },
        };
    }

    private Operation Pivot(CaseSheet sheet, Dice dice)
    {
        var countries = Some(dice, 5, "US", "JP");
        var clients = Enumerable.Range(0, 4).Select(_ => Clients.Pick(dice, dice.Chance(0.6) ? ClientUse.Agent : ClientUse.Program)).ToArray();
        var settings = Enumerable.Range(0, 4).Select(_ => Settings.ForAgent(dice)).ToArray();
        var proxies = Connection.Residential(countries, 5);
        var issuer = dice.Pick(Registry.Issuers);
        var moves = simulation.Models.LaunchMs + (long)((2 + 14 * dice.Unit()) * Hour);
        var accounts = Accounts(sheet);
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = accounts,
            Reserve = accounts / 4,
            Lines =
            [
                new(Technique.Trajectory, 0.75, [ItemKind.Code, ItemKind.Agent], ["en"]),
                new(Technique.Synthesis, 0.25, [ItemKind.Code, ItemKind.Agent], ["en"]),
            ],
            FollowUpShare = 0.45,
            CoverShare = 0.3,
            // A reseller's network: other people's requests run over the same accounts.
            Cover = (s, _, d) => d.Chance(0.4)
                ? new ScriptTalk(s, d)
                : new CasualTalk(s, d, Countries.LanguageOf(Countries.Any(d), d)),
            PaceSigma = 0.2,
            SignUp = _ =>
            {
                var account = Open(sheet, dice, dice.Pick(countries), ClientUse.Agent);
                account.CreatedMs = simulation.StartMs - (long)dice.Exponential(9 * Day);
                account.Issuer = issuer;
                if (dice.Chance(0.4)) account.EndUsers = [.. Enumerable.Range(0, dice.Between(3, 12)).Select(_ => _registry.NewUser())];
                account.Connection = proxies.Shared();
                account.Client = dice.Pick(clients);
                account.Settings = dice.Pick(settings);
                account.Models = simulation.Models.Pivoting(Models.Large, moves + (long)(dice.Exponential(2) * Hour), 0.48);
                if (dice.Chance(0.1)) account.ClosedMs = simulation.StartMs + (long)((simulation.EndMs - simulation.StartMs) * dice.Unit());
                return account;
            },
        };
    }

    private Operation LanguageLock(CaseSheet sheet, Dice dice)
    {
        var hosting = new[] { dice.Pick(Countries.Hosting), dice.Pick(Countries.Hosting) };
        var countries = Some(dice, 5, "HK", "JP", "DE");
        var clients = Enumerable.Range(0, 3).Select(_ => Clients.Pick(dice, ClientUse.Program)).ToArray();
        var seeds = new[] { dice.Next(), dice.Next() };
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Coercion, 1, [ItemKind.Question, ItemKind.Maths, ItemKind.Writing, ItemKind.Code, ItemKind.Sensitive], ["zh", "ja", "de", "fr", "es", "ru"])],
            CoverShare = 0.05,
            PaceSigma = 0.15,
            RefusalShare = 0.05,
            SignUp = number =>
            {
                var account = Open(sheet, dice, dice.Pick(countries));
                account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(25, 0.7) * Day);
                account.Client = dice.Pick(clients);
                account.Settings = account.Settings with { Thinking = true };
                if (number % 2 == 0) account.Connection = Connection.Servers(hosting[number / 2 % 2], seeds[number / 2 % 2], 8);
                return account;
            },
        };
    }

    private Operation Drizzle(CaseSheet sheet, Dice dice)
    {
        var countries = Some(dice, 8, "US", "SG", "JP");
        var span = simulation.EndMs - simulation.StartMs;
        var from = 0.15 + 0.3 * dice.Unit();
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines =
            [
                new(Technique.Replaying, 0.5, [ItemKind.Maths, ItemKind.Question, ItemKind.Code], ["en"]),
                new(Technique.Coercion, 0.3, [ItemKind.Maths, ItemKind.Question], ["en"]),
                new(Technique.Elicitation, 0.2, [ItemKind.Maths, ItemKind.Code], ["en"]),
            ],
            FromShare = from,
            ToShare = Math.Min(0.98, from + Math.Max(0.4, 2.0 * Day / span)),
            Budget = d => 2 + d.Poisson(2.6),
            ReplaysHandles = true,
            RefusalShare = 0.18,
            Hours = (a, d) => Rhythm.LongHours(a.Country.HoursFromUtc, d),
            SignUp = _ =>
            {
                var account = Open(sheet, dice, dice.Pick(countries));
                account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(30, 0.9) * Day);
                account.Settings = account.Settings with { Thinking = true };
                return account;
            },
        };
    }

    private Operation TwoPools(CaseSheet sheet, Dice dice)
    {
        var countries = Some(dice, 6, "US", "GB", "SG");
        var proxies = Connection.Residential(countries, 1.5);
        var accounts = Accounts(sheet);
        var first = (accounts + 4) / 2;
        var ban = simulation.StartMs + (long)((simulation.EndMs - simulation.StartMs) * (0.4 + 0.2 * dice.Unit()));
        var settings = Enumerable.Range(0, 2).Select(_ => Settings.ForLongOutput(dice)).ToArray();
        var clients = Enumerable.Range(0, 3).Select(_ => Clients.Pick(dice, ClientUse.Program)).ToArray();
        var mail = dice.Pick(Registry.Disposable);
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = first,
            Reserve = accounts - first,
            ReplaceAfterMs = 2_400_000,
            Lines = [new(Technique.Elicitation, 1, [ItemKind.Code, ItemKind.Agent, ItemKind.Maths, ItemKind.Question, ItemKind.Data], ["en"])],
            Wording = new Wording { Spread = Spread.Fixed },
            CoverShare = 0.1,
            PaceSigma = 0.2,
            SignUp = number =>
            {
                var account = Open(sheet, dice, dice.Pick(countries));
                account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(14, 0.6) * Day);
                account.EmailDomain = dice.Chance(0.6) ? mail : dice.Pick(Registry.Disposable);
                _registry.NewPayment(account);
                account.Issuer = "revolvo-virtual";
                account.Connection = proxies.Shared();
                account.Client = dice.Pick(clients);
                account.Settings = dice.Pick(settings);
                if (number < first) account.ClosedMs = ban + (long)dice.Exponential(0.3 * Hour);
                return account;
            },
        };
    }

    private Operation FewHeavy(CaseSheet sheet, Dice dice)
    {
        var carrier = dice.Pick(Countries.Hosting);
        var net = Connection.Servers(carrier, dice.Next(), 3);
        var country = dice.Pick(Some(dice, 3, "SG", "HK"));
        var client = Clients.Pick(dice, ClientUse.Server);
        var settings = new[] { Settings.ForLongOutput(dice), Settings.ForLongOutput(dice) with { Choices = dice.Between(2, 4) } };
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines =
            [
                new(Technique.Cleaning, 0.55, [ItemKind.Maths, ItemKind.Code, ItemKind.Question], ["en"]),
                new(Technique.Grading, 0.25, [ItemKind.Code, ItemKind.Maths], ["en"]),
                new(Technique.Synthesis, 0.2, [ItemKind.Code, ItemKind.Maths], ["en"]),
            ],
            BestOfShare = 0.12,
            ThrottledShare = 0.05,
            SignUp = number =>
            {
                var account = Open(sheet, dice, country, ClientUse.Server, 0.35);
                account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(50, 0.5) * Day);
                account.Tier = "4";
                account.Connection = number % 4 == 3 ? Connection.Residential([country], 12) : net.Shared();
                account.Client = dice.Chance(0.7) ? client : Clients.Pick(dice, ClientUse.Server);
                account.Settings = dice.Pick(settings);
                return account;
            },
        };
    }

    private Operation FakeClient(CaseSheet sheet, Dice dice)
    {
        var claimed = Enumerable.Range(0, 3).Select(_ => Clients.Forgeline(dice)).ToArray();
        var pretended = claimed.Select(c => Clients.Pretended(dice, c, dice.Chance(0.5) ? "go-1.25" : "openssl-3.3")).ToArray();
        var countries = Some(dice, 5, "HK", "US");
        var hosting = dice.Pick(Countries.Hosting);
        string[] shapes = [dice.Pick(Registry.Shapes), dice.Pick(Registry.Shapes)];
        var net = dice.Next();
        var exchanges = Exchanges(sheet);
        var accounts = Accounts(sheet);
        var window = Math.Min(3 * Day, simulation.EndMs - simulation.StartMs);
        var perAccount = (double)exchanges / accounts;
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = exchanges,
            Accounts = accounts,
            FromShare = 0.02,
            Budget = d => Math.Max(2, (int)d.LogNormal(perAccount * 1.25, 0.4)),
            Lines =
            [
                new(Technique.Trajectory, 0.55, [ItemKind.Agent, ItemKind.Code], ["en"]),
                new(Technique.Elicitation, 0.3, [ItemKind.Code, ItemKind.Question], ["en", "zh"]),
                new(Technique.Probing, 0.15, [ItemKind.Maths, ItemKind.Code, ItemKind.Question], ["en"]),
            ],
            FollowUpShare = 0.35,
            CoverShare = 0.2,
            Cover = (s, _, d) => new ScriptTalk(s, d),
            SignUp = _ =>
            {
                var account = Open(sheet, dice, dice.Pick(countries), ClientUse.Agent);
                account.Organization = _registry.NewOrganization();
                account.CreatedMs = simulation.StartMs + (long)(dice.Unit() * window);
                account.Tier = "free";
                (account.Payment, account.Issuer) = (null, null);
                account.EmailShape = dice.Pick(shapes);
                account.Models = Models.Mostly(Models.Large, Models.Small, 0.25);
                account.Connection = dice.Chance(0.5) ? Connection.Servers(hosting, net, 40) : Connection.Residential(countries, 8);
                account.Client = dice.Pick(pretended);
                account.Settings = Settings.ForAgent(dice);
                return account;
            },
        };
    }
}
