using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Honest groups that share much: apps, companies, classes, resellers.</summary>
internal sealed class Groups(Simulation simulation, Dice dice, People people)
{
    private const long Hour = 3_600_000;
    private readonly Registry _registry = simulation.Registry;

    private string Say(string section, int sentences, int[]? interests = null)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), interests ?? []);
        fill[Slot.Brand] = "the product";
        return string.Join(' ', Enumerable.Range(0, sentences).Select(_ => fill.Tongue.Speech[section].Say(fill)));
    }

    /// <summary>Small companies: one key on a server, one system prompt, their customers as end users.</summary>
    public void Startups(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Business("startup", _registry.NewOrganization(), _registry.NewDomain());
            account.Models = simulation.Models.Ordinary(dice);
            account.Program = dice.Chance(0.4) ? "startup" : account.Program;
            var interests = CasualTalk.Interests(dice);
            var system = Say("product", dice.Between(2, 7), interests);
            var users = Enumerable.Range(0, dice.Between(8, 60)).Select(_ => _registry.NewUser()).ToArray();
            var kind = dice.Pick<string>(["question", "business", "writing", "data", "code", "sensitive"]);
            var language = dice.Chance(0.6) ? "en" : Countries.LanguageOf(account.Country, dice);
            var tools = dice.Chance(0.3) ? Toolboxes.Own(dice) : null;
            var hours = Habit.Busy(dice).OfProgram(dice);
            // Several customers at once: a few talks share the account.
            for (var talks = dice.Between(2, 5); talks > 0; talks--)
            {
                people.Enter(account, new AppTalk(simulation, dice, system, kind, language, 240, interests, tools) { EndUsers = d => d.Pick(users) },
                    Habit.Busy(dice) with { SessionsPerDay = dice.LogNormal(3.4, 0.6), WeekendShare = 0.8, AllDay = hours.AllDay });
            }
        }
    }

    /// <summary>An app whose users bring their own keys: one system prompt, one client, nothing else in common.</summary>
    public void OwnKeyApp(int count, bool modular)
    {
        var app = Clients.Pick(dice, modular ? ClientUse.Program : ClientUse.Phone);
        var settings = Settings.ForProgram(dice);
        var system = Say("product", 3) + " " + Say("module", 3);
        var modules = Enumerable.Range(0, 16).Select(_ => Say("module", 1)).Distinct().ToArray();
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer(modular ? "modular-app" : "byok-app");
            account.Client = dice.Chance(0.9) ? app : Clients.Pick(dice, ClientUse.Phone);
            account.Settings = settings;
            account.Models = simulation.Models.Ordinary(dice, 0.5);
            var text = modular ? string.Join("\n", modules.Where(_ => dice.Chance(0.4))) : system;
            var talk = new AppTalk(simulation, dice, text, dice.Pick<string>(["question", "question", "writing", "code", "maths", "sensitive"]), Countries.LanguageOf(account.Country, dice), 450);
            people.Enter(account, talk, Habit.Casual(dice));
        }
    }

    /// <summary>A wrapper app: what its users type is put into one fixed turn, and nobody asks a second time.</summary>
    public void WrapperApp(int count)
    {
        var client = Clients.Pick(dice, ClientUse.Program);
        var settings = Settings.ForLongOutput(dice);
        var before = Say("lesson", 1) + "\n" + Say("module", 2);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("byok-wrapper");
            account.Client = client;
            account.Settings = settings;
            account.Models = simulation.Models.Ordinary(dice, 0.7);
            people.Enter(account, new WrappedTalk(before, dice), Habit.Casual(dice) with { SessionsPerDay = dice.LogNormal(1.2, 0.5) });
        }
    }

    /// <summary>A tutoring product: every pupil asks for every step.</summary>
    public void Tutoring(int count)
    {
        var system = Say("lesson", 2) + " " + Say("module", 1);
        var client = Clients.Pick(dice, ClientUse.Browser);
        var subjects = CasualTalk.Interests(dice);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("tutoring");
            account.Program = dice.Chance(0.3) ? "education" : "none";
            account.Client = client;
            account.Models = simulation.Models.Ordinary(dice, 0.5);
            people.Enter(account, new AppTalk(simulation, dice, system, dice.Chance(0.7) ? "pupil" : "maths", "en", 420, subjects),
                Habit.Casual(dice) with { PeakHour = 17, SessionsPerDay = dice.LogNormal(0.8, 0.5) });
        }
    }

    /// <summary>A company whose people work through one office line, each with a seat.</summary>
    public void Seats(int count, string kind = "seats") => _registry.Team(() => Office(count, kind));

    private void Office(int count, string kind)
    {
        var country = Countries.Any(dice);
        var organization = _registry.NewOrganization();
        var domain = _registry.NewDomain();
        var office = Connection.Fixed(dice.Pick(country.Home) with { Kind = CarrierKind.Office }, dice.Next());
        var system = Say("agentsystem", 1) + " " + Say("product", 1);
        var tools = Toolboxes.Popular(dice);
        var team = new AgentTalk.HandOver();
        var inspected = dice.Chance(0.5) ? domain : null;
        var payer = _registry.Business(kind, organization, domain, country);
        for (var i = 0; i < count; i++)
        {
            var account = i == 0 ? payer : _registry.Business(kind, organization, domain, country);
            account.CreatedMs = payer.CreatedMs + (long)dice.Exponential(20 * 24 * Hour);
            (account.Payment, account.Issuer, account.Tier) = (payer.Payment, payer.Issuer, "enterprise");
            account.Connection = Connection.Either(office.Shared(), Connection.Person(country, dice), 0.35);
            account.Client = Clients.Pick(dice, dice.Chance(0.7) ? ClientUse.Agent : ClientUse.Browser);
            if (inspected is not null && dice.Chance(0.6)) account.Client = Clients.Inspected(account.Client, inspected);
            account.Settings = Settings.ForAgent(dice);
            account.Models = simulation.Models.Ordinary(dice, 0.7);
            Talk talk = dice.Chance(0.6)
                ? new AgentTalk(simulation, dice, system, tools, "en", team)
                : new AppTalk(simulation, dice, system, dice.Pick<string>(["writing", "data", "business", "code"]), Countries.LanguageOf(country, dice));
            people.Enter(account, talk, Habit.Busy(dice) with { PeakHour = 13, WeekendShare = 0.05 });
        }
    }

    /// <summary>A course: one campus line, one sheet of exercises, everybody the same tasks.</summary>
    public void Classroom(int count)
    {
        var country = Countries.Any(dice);
        var campus = Connection.Fixed(dice.Pick(country.Home) with { Kind = CarrierKind.Office }, dice.Next());
        var domain = "uni-" + _registry.Hex(4) + ".example";
        var subject = CasualTalk.Interests(dice);
        var sheet = Enumerable.Range(0, dice.Between(4, 9)).Select(_ => Say("assignment", 1, subject)).ToArray();
        var signUp = simulation.StartMs - (long)(dice.Unit() * 20 * 24 * Hour);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Individual("classroom", country);
            account.CreatedMs = signUp + (long)dice.Exponential(2 * Hour);
            account.EmailDomain = domain;
            account.EmailShape = "first.last";
            account.Program = "education";
            account.Tier = "1";
            account.Payment = null;
            account.Issuer = null;
            account.Connection = Connection.Either(campus.Shared(), Connection.Person(country, dice), 0.4);
            account.Models = simulation.Models.Ordinary(dice, 0.2);
            people.Enter(account, new SheetTalk(sheet, dice, subject), Habit.Casual(dice) with { PeakHour = 14, SessionsPerDay = dice.LogNormal(0.9, 0.4) });
        }
    }

    /// <summary>A weekend of building: fresh accounts, one hall, credits, a starter text that all begin with.</summary>
    public void Hackathon(int count)
    {
        var country = Countries.Any(dice);
        var hall = Connection.Fixed(dice.Pick(country.Home) with { Kind = CarrierKind.Office }, dice.Next());
        var from = simulation.StartMs + (long)((simulation.EndMs - simulation.StartMs) * 0.5 * dice.Unit());
        var starter = Say("starter", 2);
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Programmer("hackathon", country, use: dice.Chance(0.5) ? ClientUse.Program : ClientUse.Agent);
            account.CreatedMs = from - (long)dice.Exponential(3 * Hour);
            account.Program = "startup";
            account.Referrer = "conference";
            account.Connection = hall.Shared();
            account.Models = simulation.Models.Ordinary(dice, 0.8);
            Talk talk = dice.Chance(0.5)
                ? new AgentTalk(simulation, dice, starter, Toolboxes.Popular(dice))
                : new AppTalk(simulation, dice, starter, "code", "en", 600);
            people.Enter(account, talk, Habit.Busy(dice) with { SessionsPerDay = 6, WeekendShare = 1, PeakHour = 18, FromMs = from, ToMs = from + 40 * Hour });
        }
    }

    /// <summary>Resellers: one account, many declared tenants, each with an app of its own.</summary>
    public void Resellers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var account = _registry.Business("reseller", _registry.NewOrganization(), _registry.NewDomain());
            account.Pathway = "reseller";
            account.Models = simulation.Models.Ordinary(dice);
            account.Tier = "enterprise";
            for (var tenants = dice.Between(12, 25); tenants > 0; tenants--)
            {
                var tenant = "t_" + _registry.Hex(6);
                people.Enter(account, new AppTalk(simulation, dice, Say("product", dice.Between(1, 4)), dice.Pick<string>(["question", "business", "writing", "code", "maths", "data"]), Countries.LanguageOf(Countries.Any(dice), dice)) { EndUser = tenant },
                    Habit.Busy(dice).OfProgram(dice) with { SessionsPerDay = dice.LogNormal(1, 0.8), WeekendShare = 0.5 });
            }
        }
    }

    /// <summary>An agency that runs accounts for its clients: one payer, one office, a brand each.</summary>
    public void Agency(int count)
    {
        var country = Countries.Any(dice);
        var office = Connection.Fixed(dice.Pick(country.Home), dice.Next());
        var payer = _registry.Individual("agency", country);
        payer.Tier = "2";
        if (payer.Payment is null) _registry.NewPayment(payer);
        for (var i = 0; i < count; i++)
        {
            var account = i == 0 ? payer : _registry.Programmer("agency", country);
            (account.Payment, account.Issuer) = (payer.Payment, payer.Issuer);
            account.EmailDomain = _registry.NewDomain();
            account.EmailShape = "role";
            account.Connection = office.Shared();
            account.Models = simulation.Models.Ordinary(dice);
            people.Enter(account, new AppTalk(simulation, dice, Say("product", 3), "writing", "en", 500), Habit.Busy(dice) with { WeekendShare = 0.1, PeakHour = 14 });
        }
    }
}
