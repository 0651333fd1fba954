using System.Globalization;
using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

/// <summary>What a client shows: its user agent, its TLS fingerprint and the hash of its header order.</summary>
internal sealed record ClientBuild(string? UserAgent, string? Tls, string? Headers)
{
    public static readonly ClientBuild None = new(null, null, null);
}

internal enum ClientUse
{
    Browser, Phone, Program, Agent, Server,
}

/// <summary>The clients in use: families with versions, skewed as real ones are. TLS goes with the runtime, header order with the family.</summary>
internal static class Clients
{
    private sealed record Family(string Agent, string[] Runtimes, string[] Versions, double Weight);

    private static readonly Dictionary<ClientUse, Family[]> Families = new()
    {
        [ClientUse.Browser] =
        [
            new("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36", ["chromium-a", "chromium-b"], ["144", "143", "142", "141", "138", "131"], 5),
            new("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36", ["chromium-a", "chromium-b"], ["144", "143", "142", "140"], 3),
            new("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0} Safari/605.1.15", ["apple-26", "apple-18"], ["26.2", "26.1", "18.6", "18.5"], 2),
            new("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0", ["nss-a", "nss-b"], ["147", "146", "145", "140"], 1.5),
            new("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36 Edg/{0}.0.0.0", ["chromium-a", "chromium-b"], ["144", "143", "142"], 1.5),
        ],
        [ClientUse.Phone] =
        [
            new("Kestrel/{0} (iPhone; iOS 26.2)", ["apple-26", "apple-18"], ["4.12.1", "4.12.0", "4.11.3", "4.9.0"], 4),
            new("Kestrel/{0} (Android 16)", ["okhttp-5", "okhttp-4"], ["4.12.0", "4.11.2", "4.10.5"], 4),
            new("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0} Mobile/15E148 Safari/604.1", ["apple-26", "apple-18"], ["26.2", "18.6"], 2),
            new("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Mobile Safari/537.36", ["chromium-a"], ["144", "143", "142"], 2),
        ],
        [ClientUse.Program] =
        [
            new("kestrel-python/{0}", ["openssl-3.0", "openssl-3.3", "openssl-1.1"], ["0.61.0", "0.60.2", "0.58.1", "0.52.0", "0.49.0", "0.40.0"], 6),
            new("OpenAI/Python {0}", ["openssl-3.0", "openssl-3.3", "openssl-1.1"], ["2.9.0", "2.8.1", "1.109.1", "1.99.9", "1.61.0"], 4),
            new("kestrel-node/{0}", ["node-22", "node-20"], ["0.70.1", "0.69.0", "0.65.0"], 3),
            new("OpenAI/JS {0}", ["node-22", "node-20", "bun-1"], ["6.10.0", "6.7.0", "5.12.2"], 2),
            new("python-requests/{0}", ["openssl-3.0", "openssl-1.1"], ["2.32.5", "2.32.3", "2.31.0", "2.28.1"], 2),
            new("langchain/{0}", ["openssl-3.0", "openssl-3.3"], ["1.1.0", "0.3.27"], 1),
            new("curl/{0}", ["openssl-3.0", "secure-transport"], ["8.7.1", "8.5.0", "7.81.0"], 0.7),
        ],
        [ClientUse.Agent] =
        [
            new("forgeline-cli/{0} (external, cli)", ["node-22", "node-20"], ["2.1.14", "2.1.12", "2.0.76", "2.0.71"], 5),
            new("skiff-code/{0}", ["go-1.25"], ["0.34.1", "0.33.0", "0.31.4"], 2),
            new("opendraft/{0} ai-sdk/5.0", ["bun-1"], ["1.1.3", "1.0.220", "1.0.150"], 2),
            new("Kestrel-VSCode/{0}", ["node-22", "chromium-b"], ["1.44.0", "1.43.2"], 2),
        ],
        [ClientUse.Server] =
        [
            new("kestrel-python/{0}", ["openssl-3.0", "openssl-3.3"], ["0.61.0", "0.58.1", "0.52.0"], 4),
            new("axios/{0}", ["node-22", "node-20"], ["1.13.2", "1.12.0", "1.7.9"], 2),
            new("Go-http-client/{0}", ["go-1.25", "go-1.22"], ["2.0", "1.1"], 2),
            new("okhttp/{0}", ["jdk-21", "jdk-17"], ["5.3.0", "4.12.0"], 1.5),
            new("litellm/{0}", ["openssl-3.0", "openssl-3.3"], ["1.80.5", "1.79.3", "1.72.0"], 2),
            new("python-httpx/{0}", ["openssl-3.0", "openssl-3.3"], ["0.28.1", "0.27.2"], 2),
            new("Java-http-client/{0}", ["jdk-21", "jdk-17"], ["21.0.9", "17.0.13"], 1),
        ],
    };

    public const string ClaimedByFakes = "forgeline-cli/";

    public static ClientBuild Pick(Dice dice, ClientUse use)
    {
        var families = Families[use];
        var u = dice.Unit() * families.Sum(f => f.Weight);
        var at = 0;
        while (at < families.Length - 1 && (u -= families[at].Weight) > 0) at++;
        var family = families[at];
        var runtime = family.Runtimes[Math.Min(dice.Below(family.Runtimes.Length), dice.Below(family.Runtimes.Length))];
        return Build(family, family.Versions[dice.Popular(family.Versions.Length)], runtime);
    }

    /// <summary>The coding client that many honest developers use, as it really is.</summary>
    public static ClientBuild Forgeline(Dice dice)
    {
        var family = Families[ClientUse.Agent][0];
        return Build(family, family.Versions[dice.Popular(family.Versions.Length)], family.Runtimes[dice.Chance(0.8) ? 0 : 1]);
    }

    /// <summary>The name of one client with the handshake and headers of a library: an imitation, or a gateway that passes names on.</summary>
    public static ClientBuild Pretended(Dice dice, ClientBuild claimed, string runtime) =>
        new(claimed.UserAgent, Tls(runtime), Headers((dice.Chance(0.5) ? "Go-http-client/{0}" : "python-httpx/{0}") + runtime));

    /// <summary>A real client behind a company's inspecting proxy: the handshake is the proxy's.</summary>
    public static ClientBuild Inspected(ClientBuild real, string proxy) => real with { Tls = Tls("inspect-" + proxy) };

    private static ClientBuild Build(Family family, string version, string runtime) => new(
        string.Format(CultureInfo.InvariantCulture, family.Agent, version),
        Tls(runtime),
        Headers(family.Agent + runtime));

    private static string Tls(string runtime)
    {
        var hash = Dice.Hash("tls " + runtime);
        return string.Create(CultureInfo.InvariantCulture, $"t13d{15 + hash % 5}{10 + hash % 7}h2_{hash & 0xFFFFFFFFFFFF:x12}_{Dice.Mix(hash) & 0xFFFFFFFFFFFF:x12}");
    }

    private static string Headers(string family) => "h" + (Dice.Hash("headers " + family) >> 16).ToString("x12", CultureInfo.InvariantCulture);
}
