using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Work;

namespace Stillhunt.Proving.World;

/// <summary>Signs accounts up as people do; builders then change what is particular to a group.</summary>
internal sealed class Registry(Dice dice, long startMs, long endMs)
{
    private const long Day = 86_400_000;
    public static readonly string[] Issuers = ["visa-alpine", "visa-harbor", "mc-union", "mc-delta", "amex-direct", "jcb-one", "revolvo-virtual", "prepaid-orbit", "sepa-local", "upi-link", "pix-now"];
    private static readonly string[] Mailers = ["gmail.com", "gmail.com", "gmail.com", "gmail.com", "outlook.com", "outlook.com", "hotmail.com", "icloud.com", "icloud.com", "yahoo.com", "proton.me", "qq.com", "163.com", "gmx.de", "web.de", "orange.fr", "mail.ru", "naver.com"];
    public static readonly string[] Disposable = ["mailnull.example", "tempbox.example", "dropinbox.example", "quickpost.example", "nomail.example", "burnerpost.example", "tenminute.example"];
    public static readonly string[] Shapes = ["first.last", "firstlast", "flast", "first99", "first.last99", "nick", "nick99", "role", "first_last", "word.word99"];
    private static readonly string[] Referrers = ["search", "search", "friend", "docs", "newsletter", "video", "social", "podcast", "conference"];

    private int _lane;
    private bool _isTeam;

    public List<Account> Accounts { get; } = [];

    /// <summary>Makes accounts that share more than fixed values (sessions that are handed on, a pool): all go in one lane.</summary>
    public void Team(Action make)
    {
        _lane = NextLane();
        _isTeam = true;
        make();
        _isTeam = false;
    }

    private int NextLane() => (_lane + 1) % Simulation.LaneCount;

    public Dice Dice => dice;

    public Account Individual(string kind, Country? country = null, string? campaign = null)
    {
        country ??= Countries.Any(dice);
        var account = new Account { Id = Account.NewId(dice), Kind = kind, Campaign = campaign, Country = country, Lane = _isTeam ? _lane : _lane = NextLane() };
        Accounts.Add(account);

        // Most are months old; some sign up while we look.
        account.CreatedMs = dice.Chance(0.09)
            ? startMs + (long)(dice.Unit() * (endMs - startMs) * 0.5)
            : startMs - (long)(Math.Min(dice.LogNormal(120, 1.1), 1100) * Day) - 3_600_000;
        if (dice.Chance(0.5)) account.Organization = NewOrganization();
        account.Tier = dice.Chance(0.42) ? "free" : dice.Pick<string>(["1", "1", "1", "2", "2", "3", "4"]);
        if (account.Tier != "free") NewPayment(account);
        account.Verified = dice.Chance(account.Tier == "free" ? 0.1 : 0.25);
        account.Program = dice.Chance(0.06) ? dice.Pick<string>(["education", "education", "startup", "research"]) : "none";
        account.EmailDomain = dice.Chance(0.03) ? dice.Pick(Disposable) : dice.Pick(Mailers);
        account.EmailShape = dice.Pick(Shapes);
        account.Phone = dice.Chance(0.6) ? "ph_" + Hex(10) : null;
        account.Referrer = dice.Chance(0.4) ? dice.Pick(Referrers) : null;
        account.Connection = Connection.Person(country, dice);
        account.Client = Clients.Pick(dice, dice.Chance(0.5) ? ClientUse.Browser : ClientUse.Phone);
        account.Settings = Settings.ForChat(dice);
        account.Key = dice.Chance(0.4) ? NewKey() : null;
        // Some close their account, or lose it to a failed card.
        if (dice.Chance(0.02)) account.ClosedMs = startMs + (long)((0.3 + 0.7 * dice.Unit()) * (endMs - startMs));
        return account;
    }

    public Account Programmer(string kind, Country? country = null, string? campaign = null, ClientUse use = ClientUse.Program)
    {
        var account = Individual(kind, country, campaign);
        if (account.Tier == "free" && dice.Chance(0.7))
        {
            account.Tier = dice.Pick<string>(["1", "1", "2", "3"]);
            NewPayment(account);
        }

        account.Client = Clients.Pick(dice, use);
        account.Settings = use == ClientUse.Agent ? Settings.ForAgent(dice) : Settings.ForProgram(dice);
        account.Key ??= NewKey();
        return account;
    }

    public Account Business(string kind, string organization, string domain, Country? country = null, string? campaign = null)
    {
        var account = Programmer(kind, country, campaign, ClientUse.Server);
        account.Organization = organization;
        account.EmailDomain = domain;
        account.EmailShape = dice.Chance(0.6) ? "first.last" : "role";
        account.Tier = dice.Pick<string>(["2", "3", "4", "enterprise"]);
        account.Verified = dice.Chance(0.7);
        var hosting = dice.Pick(Countries.Hosting);
        account.Connection = dice.Chance(0.4)
            ? Connection.Serverless(hosting, dice.Next(), dice.Between(20, 200))
            : Connection.Servers(hosting, dice.Next(), dice.Between(1, 4));
        return account;
    }

    public string NewOrganization() => "org_" + Hex(10);

    public string NewKey() => "key_" + Hex(12);

    public string NewDomain() => "corp-" + Hex(6) + ".example";

    public string NewConversation() => "c_" + Hex(12);

    public string NewUser() => "u_" + Hex(8);

    public void NewPayment(Account account)
    {
        account.Payment = "pm_" + Hex(12);
        account.Issuer = dice.Pick(Issuers);
    }

    public string Hex(int digits) => dice.Next().ToString("x16", System.Globalization.CultureInfo.InvariantCulture)[..digits];
}
