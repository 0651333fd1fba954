using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>Operators that were reported without numbers, or that are to be expected: hidden behind honest customers, or behind each other.</summary>
internal sealed class AwkwardCases(Simulation simulation, SharedApp app)
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const int Tenants = 300;
    private readonly Registry _registry = simulation.Registry;

    /// <summary>The operations of a case: more than one where operators share accounts.</summary>
    public Operation[] Of(CaseSheet sheet, Dice dice) => sheet.Id switch
    {
        "app-copier" => [AppCopier(sheet, dice)],
        "relay" => [Relay(sheet, dice)],
        "session-replay" => [SessionReplay(sheet, dice)],
        "shared-pool" => SharedPool(sheet, dice),
        "reseller-tenant" => [ResellerTenant(sheet, dice)],
        "technique-search" => [TechniqueSearch(sheet, dice)],
        _ => throw new ArgumentException($"There is no case '{sheet.Id}'."),
    };

    private int Exchanges(CaseSheet sheet) => sheet.ExchangesAt(simulation.Options.Scale);

    private int Accounts(CaseSheet sheet) => sheet.AccountsAt(simulation.Options.Scale);

    private Account Open(CaseSheet sheet, Dice dice, ClientUse use = ClientUse.Program)
    {
        var account = _registry.Programmer(sheet.Id, Countries.Any(dice), sheet.Id, use);
        account.ClosedMs = null;
        account.CreatedMs = simulation.StartMs - (long)(dice.LogNormal(40, 0.8) * Day);
        account.Settings = Settings.ForLongOutput(dice);
        account.Models = Models.Mostly(Models.Large, Models.Medium, 0.15);
        return account;
    }

    /// <summary>Goes as a coding assistant that many honest people use: its system prompt, tools, client and parameters.</summary>
    private Operation AppCopier(CaseSheet sheet, Dice dice)
    {
        var perCard = dice.Between(2, 4);
        (string?, string?) card = default;
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Elicitation, 0.6, [ItemKind.Code, ItemKind.Agent], ["en"]), new(Technique.Synthesis, 0.4, [ItemKind.Code], ["en"])],
            Wording = new Wording { Layout = Layout.AllInTurn },
            Around = (extraction, _, _) => (new UnderBorrowedName(extraction, app), null),
            Hours = (a, d) => Rhythm.LongHours(a.Country.HoursFromUtc, d),
            CoverShare = 0.05,
            PaceSigma = 0.3,
            SignUp = number =>
            {
                var account = Open(sheet, dice, ClientUse.Agent);
                account.Client = app.Client;
                account.Settings = app.Settings;
                if (number % perCard != 0) (account.Payment, account.Issuer) = card;
                else card = (account.Payment, account.Issuer);
                return account;
            },
        };
    }

    /// <summary>Sells access and keeps the answers: its users' words are the prompts.</summary>
    private Operation Relay(CaseSheet sheet, Dice dice)
    {
        var exchanges = Exchanges(sheet);
        var hosting = dice.Pick(Countries.Hosting);
        var net = dice.Next();
        var client = Clients.Pick(dice, ClientUse.Server);
        var settings = Settings.ForLongOutput(dice);
        var issuer = dice.Pick(Registry.Issuers);
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = exchanges,
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Elicitation, 1, [ItemKind.Question], ["en"])],
            Around = (_, s, d) =>
            {
                var relay = new RelayComposer(s, d, Math.Max(40, exchanges / 12));
                return (relay, relay.NextUser);
            },
            BestOfShare = 0,
            PaceSigma = 0.15,
            SignUp = _ =>
            {
                var account = Open(sheet, dice, ClientUse.Server);
                account.Issuer = issuer;
                account.Connection = dice.Chance(0.5) ? Connection.Servers(hosting, net, 12) : Connection.Person(account.Country, dice);
                account.Client = client;
                account.Settings = settings;
                return account;
            },
        };
    }

    private Operation SessionReplay(CaseSheet sheet, Dice dice)
    {
        var clients = new[] { Clients.Pick(dice, ClientUse.Agent), Clients.Pick(dice, ClientUse.Agent), Clients.Pick(dice, ClientUse.Program) };
        var countries = Enumerable.Range(0, 5).Select(_ => Countries.Any(dice)).ToArray();
        var proxies = Connection.Residential(countries, 4);
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Trajectory, 1, [ItemKind.Agent], ["en"])],
            Around = (_, s, d) =>
            {
                var sessions = new SessionComposer(s, d);
                return (sessions, sessions.NextCut);
            },
            BestOfShare = 0.02,
            CoverShare = 0.1,
            PaceSigma = 0.3,
            SignUp = _ =>
            {
                var account = Open(sheet, dice, ClientUse.Agent);
                account.Connection = proxies.Shared();
                account.Client = dice.Pick(clients);
                account.Settings = Settings.ForAgent(dice);
                return account;
            },
        };
    }

    /// <summary>Two operators rent the same accounts: each has texts and work of its own.</summary>
    private Operation[] SharedPool(CaseSheet sheet, Dice dice)
    {
        var pool = new List<Account>();
        var hosting = new[] { dice.Pick(Countries.Hosting), dice.Pick(Countries.Hosting) };
        var seeds = new[] { dice.Next(), dice.Next() };
        var mail = dice.Pick(Registry.Disposable);
        var first = new Operation
        {
            CaseId = sheet.Id,
            Label = "first",
            Exchanges = Exchanges(sheet) / 2,
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Grading, 0.5, [ItemKind.Question, ItemKind.Code], ["en"]), new(Technique.Elicitation, 0.5, [ItemKind.Maths], ["en"])],
            CoverShare = 0.1,
            PaceSigma = 0.2,
            SignUp = number =>
            {
                var account = Open(sheet, dice);
                if (dice.Chance(0.5)) account.EmailDomain = mail;
                account.Connection = Connection.Servers(hosting[number % 2], seeds[number % 2], 6);
                pool.Add(account);
                return account;
            },
        };
        return
        [
            first,
            first with
            {
                Label = "second",
                Lines = [new(Technique.Trajectory, 0.6, [ItemKind.Agent, ItemKind.Code], ["en"]), new(Technique.Synthesis, 0.4, [ItemKind.Writing, ItemKind.Data], ["en"])],
                FollowUpShare = 0.3,
                CoverShare = 0,
                SignUp = number => pool[number],
            },
        ];
    }

    /// <summary>A reseller's accounts carry three hundred honest tenants and one who distils.</summary>
    private Operation ResellerTenant(CaseSheet sheet, Dice dice)
    {
        var organization = _registry.NewOrganization();
        var domain = _registry.NewDomain();
        var people = new People(simulation, dice.Fork("tenants"));
        var accounts = new List<Account>();
        var count = Accounts(sheet);
        var distiller = "t_" + _registry.Hex(6);
        _registry.Team(() =>
        {
            while (accounts.Count < count) accounts.Add(Counter());
        });

        Account Counter()
        {
            var account = _registry.Business("reseller", organization, domain, accounts.Count == 0 ? null : accounts[0].Country, sheet.Id);
            account.ClosedMs = null;
            account.Pathway = "reseller";
            account.Tier = "enterprise";
            account.Models = simulation.Models.Ordinary(dice, 0.6);
            if (accounts.Count > 0) (account.Payment, account.Issuer, account.Client) = (accounts[0].Payment, accounts[0].Issuer, accounts[0].Client);
            account.EndUsers = [distiller];
            account.Tenants = [];
            return account;
        }

        string[] kinds = ["question", "business", "writing", "code", "maths", "data"];
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var talk = Talk(simulation, dice, "t_" + _registry.Hex(6));
            people.Enter(dice.Pick(accounts), talk, Habit.Busy(dice).OfProgram(dice) with { SessionsPerDay = dice.LogNormal(0.6, 0.9), WeekendShare = 0.5 });
        }

        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = count,
            Lines = [new(Technique.Elicitation, 0.6, [ItemKind.Maths, ItemKind.Code, ItemKind.Question], ["en"]), new(Technique.Reconstruction, 0.4, [ItemKind.Maths], ["en"])],
            // What covers it goes in its own name, like any tenant's.
            Cover = (s, _, d) => Talk(s, d, distiller),
            IsTenant = true,
            PaceSigma = 0.2,
            SignUp = number => accounts[number],
        };

        AppTalk Talk(Simulation simulation, Dice dice, string tenant) =>
            new(simulation, dice, Say(simulation, dice), dice.Pick(kinds), Countries.LanguageOf(Countries.Any(dice), dice)) { EndUser = tenant };
    }

    private static string Say(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        fill[Slot.Brand] = "the product";
        return string.Join(' ', Enumerable.Range(0, dice.Between(1, 4)).Select(_ => fill.Tongue.Speech["product"].Say(fill)));
    }

    /// <summary>Tries many wordings, most of them refused, and stays with what works.</summary>
    private Operation TechniqueSearch(CaseSheet sheet, Dice dice)
    {
        var clients = new[] { Clients.Pick(dice, ClientUse.Program), Clients.Pick(dice, ClientUse.Program) };
        var countries = Enumerable.Range(0, 4).Select(_ => Countries.Any(dice)).ToArray();
        return new Operation
        {
            CaseId = sheet.Id,
            Exchanges = Exchanges(sheet),
            Accounts = Accounts(sheet),
            Lines = [new(Technique.Coercion, 0.7, [ItemKind.Maths, ItemKind.Question], ["en"]), new(Technique.Replaying, 0.3, [ItemKind.Question, ItemKind.Code], ["en"])],
            Wording = new Wording { Voices = 24, SearchesFor = Exchanges(sheet) / 2 },
            CoverShare = 0.05,
            PaceSigma = 0.3,
            SignUp = _ =>
            {
                var account = Open(sheet, dice);
                account.Connection = Connection.Residential(countries, 6);
                account.Client = dice.Pick(clients);
                account.Settings = account.Settings with { Thinking = true };
                return account;
            },
        };
    }
}
