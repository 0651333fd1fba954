using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Suites;

/// <summary>
/// Each field of an exchange or of the accounts file as a detector of its own. Where one of them parts operators from customers, the range gives its answer away
/// and a score on it means nothing.
/// </summary>
internal sealed class OneFieldRules
{
    private const int MostValues = 48;
    private const int Opening = 40;

    /// <summary>Accounts with fewer exchanges have no rhythm or mean of their own; they are judged by the other rules.</summary>
    private const int FewestForAmounts = 4;

    private static readonly string[] Keywords = ["reason", "step", "think", "trace", "rubric", "score", "grade", "thought", "explain", "chain"];
    private static readonly string[] ValueFields = ["address", "network", "system prompt", "opening of the turn", "client", "TLS fingerprint", "header order", "tools", "max_tokens", "parameters", "model", "pathway"];
    private static readonly string[] AccountFields = ["payment", "payment issuer", "mail domain", "mail pattern", "country", "tier", "programme", "organisation", "hour of creation"];

    private readonly Dictionary<Account, Seen> _accounts = new(ReferenceEqualityComparer.Instance);

    public void See(Draft draft)
    {
        if (!_accounts.TryGetValue(draft.Account, out var seen)) _accounts.Add(draft.Account, seen = new Seen());
        seen.Add(draft);
    }

    public IReadOnlyList<RuleScore> Score(double days)
    {
        var accounts = _accounts.OrderBy(a => a.Key.Id, StringComparer.Ordinal).ToList();
        var scores = new List<RuleScore>();
        var (extracting, extractingJudged) = (accounts.LongCount(a => Extracts(a.Key)), accounts.LongCount(a => Extracts(a.Key) && IsJudged(a.Key)));
        for (var field = 0; field < ValueFields.Length; field++)
        {
            var at = field;
            Values(ValueFields[field], a => a.Value.Values[at]);
        }

        for (var field = 0; field < AccountFields.Length; field++)
        {
            var at = field;
            Values(AccountFields[field], a => OfAccount(a.Key, at));
        }

        Amount("requests a day", s => s.Count / days, fewest: 1);
        Amount("how flat its hours are", s => s.Flatness());
        Amount("output tokens, mean", s => s.Output / s.Count);
        Amount("length of the turn, mean", s => s.TurnLength / s.Count);
        Amount("keywords in the turn, mean", s => s.Keywords / s.Count);
        Amount("first turns, share", s => s.FirstTurns / s.Count);
        Amount("refused or stopped, share", s => s.Refused / s.Count);
        Amount("addresses a request", s => s.Values[0].Count / Math.Min(s.Count, MostValues));
        Amount("thinking asked for, share", s => s.Thinking / s.Count);
        return scores;

        void Values(string name, Func<KeyValuePair<Account, Seen>, Dictionary<ulong, int>> of)
        {
            var owners = accounts.SelectMany(a => of(a).Keys).CountBy(v => v).ToDictionary();
            scores.Add(Best(name, "shared", accounts.Where(a => of(a).Count > 0).Select(a => ((double)of(a).Keys.Max(v => owners[v]), Extracts(a.Key))), extracting));
            scores.Add(Learned(name, of));
        }

        // Learned from the accounts with an even hash of their id, judged on the others.
        RuleScore Learned(string name, Func<KeyValuePair<Account, Seen>, Dictionary<ulong, int>> of)
        {
            var rates = new Dictionary<ulong, (double Guilty, double All)>();
            foreach (var account in accounts.Where(a => !IsJudged(a.Key)))
            {
                foreach (var value in of(account).Keys)
                {
                    var rate = rates.GetValueOrDefault(value);
                    rates[value] = (rate.Guilty + (Extracts(account.Key) ? 1 : 0), rate.All + 1);
                }
            }

            return Best(name, "value", accounts.Where(a => IsJudged(a.Key) && of(a).Count > 0).Select(a =>
                (of(a).Sum(v => v.Value * Rate(v.Key)) / of(a).Sum(v => (double)v.Value), Extracts(a.Key))), extractingJudged);

            double Rate(ulong value) => rates.TryGetValue(value, out var rate) ? (rate.Guilty + 0.05) / (rate.All + 1) : 0.05;
        }

        void Amount(string name, Func<Seen, double> of, int fewest = FewestForAmounts)
        {
            var known = accounts.Where(a => a.Value.Count >= fewest).Select(a => (Value: of(a.Value), Extracts: Extracts(a.Key))).ToList();
            var (more, less) = (Best(name, "amount", known, extracting), Best(name, "amount", known.Select(k => (-k.Value, k.Extracts)), extracting));
            scores.Add(more.F1 >= less.F1 ? more : less);
        }
    }

    private static bool Extracts(Account account) => account.ExtractingCount > 0;

    private static bool IsJudged(Account account) => (Dice.Hash(account.Id) & 1) == 1;

    /// <summary>The threshold with the best harmonic mean of precision and recall; all with one value are flagged or none, and those without a value never are.</summary>
    private static RuleScore Best(string name, string kind, IEnumerable<(double Value, bool Extracts)> accounts, long extracting)
    {
        var sorted = accounts.OrderByDescending(a => a.Value).ToList();
        var best = new RuleScore(name, kind, 0, 0, extracting);
        long right = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (sorted[i].Extracts) right++;
            if (i + 1 < sorted.Count && sorted[i + 1].Value == sorted[i].Value) continue;
            var here = best with { Right = right, Flagged = i + 1 };
            if (extracting > 0 && here.F1 > best.F1) best = here;
        }

        return best;
    }

    private static Dictionary<ulong, int> OfAccount(Account account, int field)
    {
        var value = field switch
        {
            0 => account.Payment,
            1 => account.Issuer,
            2 => account.EmailDomain,
            3 => account.EmailShape,
            4 => account.Country.Code,
            5 => account.Tier,
            6 => account.Program,
            7 => account.Organization,
            _ => (account.CreatedMs / 3_600_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return value is null ? [] : new() { [Dice.Hash(value)] = 1 };
    }

    /// <summary>What one account showed.</summary>
    private sealed class Seen
    {
        private readonly int[] _hours = new int[24];

        public Dictionary<ulong, int>[] Values { get; } = [.. ValueFields.Select(_ => new Dictionary<ulong, int>())];
        public double Count { get; private set; }
        public double Output { get; private set; }
        public double TurnLength { get; private set; }
        public double Keywords { get; private set; }
        public double FirstTurns { get; private set; }
        public double Refused { get; private set; }
        public double Thinking { get; private set; }

        public void Add(Draft draft)
        {
            var turn = draft.Lines.Count == 0 ? [] : draft.TextOf(draft.Lines[^1]);
            Count++;
            _hours[draft.TimeMs / 3_600_000 % 24]++;
            Output += draft.OutputTokens;
            TurnLength += turn.Length;
            foreach (var word in OneFieldRules.Keywords)
            {
                if (turn.Contains(word, StringComparison.OrdinalIgnoreCase)) Keywords++;
            }

            if (draft.Lines.Count == 1) FirstTurns++;
            if (draft.Status >= 400 || draft.Stop == "refusal") Refused++;
            if (draft.Settings.Thinking == true) Thinking++;
            Note(0, draft.Address.Ip);
            if (draft.Address.Carrier is { } carrier) Note(1, (ulong)carrier.Asn);
            if (draft.HasSystem) Note(2, Hash(draft.System));
            Note(3, Hash(turn.Length > Opening ? turn[..Opening] : turn));
            Note(4, draft.Client.UserAgent);
            Note(5, draft.Client.Tls);
            Note(6, draft.Client.Headers);
            if (draft.Tools is { } tools) Note(7, tools.Aggregate(1UL, (all, tool) => Dice.Mix(all ^ Hash(tool))));
            if (draft.Settings.MaxTokens is { } limit) Note(8, (ulong)limit);
            Note(9, Hash(draft.Settings.ToString()));
            Note(10, draft.Model);
            Note(11, draft.Account.Pathway);
        }

        /// <summary>The entropy of the hours of the day, of at most log2(24), against what so few requests can show.</summary>
        public double Flatness()
        {
            var entropy = 0.0;
            foreach (var n in _hours)
            {
                if (n > 0) entropy -= n / Count * Math.Log2(n / Count);
            }

            return entropy / Math.Log2(Math.Min(24, Math.Max(2, Count)));
        }

        private void Note(int field, string? value)
        {
            if (value is not null) Note(field, Hash(value));
        }

        private void Note(int field, ulong value)
        {
            var values = Values[field];
            if (values.TryGetValue(value, out var count)) values[value] = count + 1;
            else if (values.Count < MostValues) values.Add(value, 1);
        }

        private static ulong Hash(ReadOnlySpan<char> text) => Dice.Hash(text);
    }
}
