using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Proving;
using Stillhunt.Sketches;

namespace Stillhunt.Bench.Dilution;

/// <summary>What one test says of one account or of one group.</summary>
/// <param name="Seed">Of the traffic.</param>
/// <param name="Accounts">Of each operator in it.</param>
/// <param name="CoverOf">Whose traffic the cover of an account is: one honest account's, or of many, exchange by exchange.</param>
/// <param name="Cover">Share of the operators' exchanges that is cover.</param>
/// <param name="Unit">account or group.</param>
/// <param name="Of">operator, or which honest ones: accounts, strangers (accounts drawn by chance), look-alikes (accounts of one kind), windows (exchanges drawn by chance from many accounts).</param>
/// <param name="Value">More is more suspicious.</param>
internal sealed record DilutionScore(string Seed, int Accounts, string CoverOf, double Cover, string Unit, string Of, string Test, double Value)
{
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Seed},{Accounts},{CoverOf},{Cover},{Unit},{Of},{Test},{Value:R}");

    /// <exception cref="InvalidDataException">A line has not eight fields, or one that is no number where there should be.</exception>
    public static IEnumerable<DilutionScore> Read(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var fields = line.Split(',');
            if (fields.Length != 8 || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var accounts) || !double.TryParse(fields[3], CultureInfo.InvariantCulture, out var cover)
                || !double.TryParse(fields[7], CultureInfo.InvariantCulture, out var value))
                throw new InvalidDataException($"{path}, line {number}: eight fields are needed, the second, fourth and eighth of them numbers.");
            yield return new DilutionScore(fields[0], accounts, fields[2], cover, fields[4], fields[5], fields[6], value);
        }
    }
}

/// <summary>Scores of one run of the range at every share of cover, by a two-sample test and by detection's own, on the same exchanges and features.</summary>
internal static class DilutionScores
{
    public const string Given = "stillhunt told the accounts", Alone = "stillhunt on the account alone", Found = "stillhunt told nothing", Permuted = "MMD with a permutation threshold";

    public static string Of(Look look) => "MMD over " + look.ToString().ToLowerInvariant();

    private static readonly double[] Covers = [0, 0.5, 0.8, 0.9, 0.95, 0.98];

    /// <summary>Exchanges of each account; the sample of the honest; groups of strangers, and of each kind; random divisions, and what of the sample goes into them.</summary>
    private const int Exchanges = 40, Sample = 1000, Strangers = 200, GroupsOfKind = 5, Permutations = 200, PermutedSample = 400;

    /// <summary>Samples of honest exchanges.</summary>
    private const int Windows = 200;

    /// <summary>How many honest accounts and groups a permutation test looks at: enough to see what its threshold is worth.</summary>
    private const int PermutedAccounts = 100, PermutedGroups = 20;

    public static int Run(string[] args)
    {
        var isSpread = args.Length == 4 && args[3] == "spread";
        if ((args.Length != 3 && !isSpread) || !int.TryParse(args[2], CultureInfo.InvariantCulture, out var accounts) || accounts < 2)
        {
            Console.Error.WriteLine("dilution FOLDER SCORES.csv ACCOUNTS [spread]");
            return 2;
        }

        var seed = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(args[0])));
        var diluted = new DilutedTraffic(args[0], accounts, Exchanges, isSpread, accounts);
        var path = Path.GetTempFileName();
        try
        {
            using var to = new StreamWriter(args[1]);
            foreach (var cover in Covers)
            {
                var extract = diluted.Write(path, cover);
                foreach (var score in Score(diluted, extract, path, accounts, isSpread, isFirst: cover == Covers[0])) to.WriteLine((score with { Seed = seed, Accounts = accounts, CoverOf = isSpread ? "many" : "one", Cover = cover }).Line);
                to.Flush();
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed}, {accounts} accounts, {cover:P0} cover"));
            }
        }
        finally
        {
            File.Delete(path);
        }

        return 0;
    }

    private static List<DilutionScore> Score(DilutedTraffic diluted, IReadOnlySet<string> extract, string path, int size, bool isSpread, bool isFirst)
    {
        var threads = Environment.ProcessorCount;
        var snapshot = Pipeline.Observe(LogFiles.Find([new LogInput(path)]), new LogScanOptions(), KeyedHash.Fixed).Snapshot;
        var traffic = Traffic.Lay(snapshot, _ => null);
        var at = Enumerable.Range(0, traffic.Subjects.Count).ToDictionary(s => traffic.Subjects[s].Profile.Id.Id, StringComparer.Ordinal);
        IReadOnlyList<int> ExchangesOf(int s) => [.. Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount)];

        var known = new KnownGroups(snapshot, traffic, KeyedHash.Fixed, threads);
        var dice = new Random(size);
        var usual = diluted.Reference.SelectMany(account => ExchangesOf(at[account])).ToArray();
        dice.Shuffle(usual);
        IReadOnlyList<int> reference = usual[..Math.Min(Sample, usual.Length)];
        var test = new TwoSample(new ExchangeKernel(traffic, known.Postings, reference, size), reference, ExchangesOf, threads);

        var workers = diluted.Cases.SelectMany(own => own.Accounts).Where(extract.Contains).Select(account => at[account]).ToList();
        var tested = diluted.Tested.Select(account => at[account]).ToList();
        var groups = diluted.Cases.Select(own => Numbers(own.Accounts)).ToList();
        var strangers = Enumerable.Range(0, Strangers).Select(_ => Drawn(tested)).ToList();
        var alike = diluted.Kinds.SelectMany(kind => Enumerable.Range(0, GroupsOfKind).Select(_ => Drawn(Numbers(kind.Accounts)))).ToList();
        var campaigns = Suspicions(Pipeline.Detect(snapshot, null, KeyedHash.Fixed, threads: threads));

        List<DilutionScore> scores = [];
        if (isSpread)
        {
            // No customer's account is put together like that: only what is usual of exchanges, and of many accounts together, is a fair null.
            Group("operator", groups);
            Group("strangers", strangers);
            var windows = test.OfWindows(tested, size * Exchanges, Windows, size, threads);
            foreach (var look in ExchangeKernel.Looks) Put("group", "windows", Of(look), [.. windows.Select(window => window[(int)look])]);
            return scores;
        }

        Account("operator", workers);
        Account("accounts", tested);
        Group("operator", groups);
        Group("strangers", strangers);
        Group("look-alikes", alike);
        Permute("account", "operator", [.. workers.Select(s => (IReadOnlyList<int>)[s])]);
        Permute("group", "operator", groups);
        if (isFirst)
        {
            Permute("account", "accounts", [.. tested.Take(PermutedAccounts).Select(s => (IReadOnlyList<int>)[s])]);
            Permute("group", "strangers", [.. strangers.Take(PermutedGroups)]);
            Permute("group", "look-alikes", [.. alike.Where((_, g) => g % GroupsOfKind == 0)]);
        }

        return scores;

        IReadOnlyList<int> Numbers(IReadOnlyList<string> names) => [.. names.Select(account => at[account])];

        IReadOnlyList<int> Drawn(IReadOnlyList<int> from)
        {
            int[] order = [.. from];
            dice.Shuffle(order);
            return order[..size];
        }

        void Account(string of, IReadOnlyList<int> units)
        {
            Put("account", of, Alone, known.OfAccounts(units));
            Put("account", of, Found, [.. units.Select(s => campaigns.GetValueOrDefault(traffic.Subjects[s].Profile.Id.Id))]);
            Discrepancies("account", of, [.. units.Select(s => (IReadOnlyList<int>)[s])]);
        }

        void Group(string of, IReadOnlyList<IReadOnlyList<int>> units)
        {
            Put("group", of, Given, known.OfGroups(units));
            // Found is a group half of which is: what the better half of its accounts is suspected of at least.
            Put("group", of, Found, [.. units.Select(group => group.Select(s => campaigns.GetValueOrDefault(traffic.Subjects[s].Profile.Id.Id)).OrderDescending().ElementAt((group.Count - 1) / 2))]);
            Discrepancies("group", of, units);
        }

        void Put(string unit, string of, string name, double[] values) => scores.AddRange(values.Select(value => new DilutionScore("", 0, "", 0, unit, of, name, value)));

        void Discrepancies(string unit, string of, IReadOnlyList<IReadOnlyList<int>> units)
        {
            var values = new Shares(threads).Of(units, test.Of);
            foreach (var look in ExchangeKernel.Looks) Put(unit, of, Of(look), [.. values.Select(value => value[(int)look])]);
        }

        void Permute(string unit, string of, IReadOnlyList<IReadOnlyList<int>> units) =>
            Put(unit, of, Permuted, new Shares(threads).Of(units, accounts => -test.PermutationP(accounts, Permutations, PermutedSample, size)));
    }

    /// <summary>Account -> what a detection that is told nothing suspects it of: confidence of the campaign times probability of the account; the most where it stands in several.</summary>
    private static Dictionary<string, double> Suspicions(ScanResult result)
    {
        var suspicions = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var campaign in result.Campaigns.Concat(result.Suspected))
            foreach (var account in campaign.Accounts) suspicions[account.Id] = Math.Max(suspicions.GetValueOrDefault(account.Id), campaign.Confidence * account.Probability);
        return suspicions;
    }
}
