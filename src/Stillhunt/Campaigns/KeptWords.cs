using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Whether it makes a difference under which account of a group something is asked. Of a list that one hand deals out, a word that comes back is as likely to come back under any account; customers ask again about what is theirs.
/// That says more than how alike an account's own turns are (<see cref="GroupFacts.OwnInterests"/>), as each word that comes back is a trial, however little of what they ask is their own.
/// </summary>
/// <param name="Share">
/// Share of the words that come back which an account keeps to itself, beyond what dealing by chance would give: 0 where it makes no difference, 1 where no account says a word of another's. The middle one of the
/// accounts, so that a few who borrowed the wording change nothing.
/// </param>
/// <param name="Error">
/// Standard error of that downwards, by ranks: half the root of their number below the middle account. Accounts that keep much more make it no less sure that the middle one keeps something.
/// </param>
/// <param name="Accounts">Accounts that are known well enough.</param>
internal readonly record struct KeptWords(double Share, double Error, int Accounts)
{
    /// <summary>A word in more of the group's conversations stands in its wrapper, or is everybody's.</summary>
    private const double MostOfGroup = 0.05;

    /// <summary>In so many conversations it never does, however small the group.</summary>
    private const int FewConversations = 3;

    /// <summary>Conversations, and words that others might have said too, from which on an account is known; and accounts from which on the middle one says anything.</summary>
    private const int LeastConversations = 4, LeastWords = 5, LeastAccounts = 5;

    /// <summary>Conversations that are looked at, of each account and in all: of large groups fewer of each account, but at least <see cref="LeastConversations"/>.</summary>
    private const int MostConversations = 64, EnoughConversations = 6_000;

    public static KeptWords Unknown => new(double.NaN, double.NaN, 0);

    /// <param name="accounts">The exchanges of one account after the other.</param>
    public static KeptWords Of(Traffic traffic, OwnTemplates templates, List<List<int>> accounts)
    {
        if (accounts.Count < LeastAccounts) return Unknown;
        var most = Math.Clamp(EnoughConversations / accounts.Count, LeastConversations, MostConversations);
        var volumes = new int[accounts.Count];
        var said = new List<ulong>();
        var seen = new HashSet<uint>();
        for (var a = 0; a < accounts.Count; a++) volumes[a] = Say(traffic, templates, accounts[a], a, most, seen, said);
        var all = volumes.Sum();
        var (kept, could) = (new double[accounts.Count], new double[accounts.Count]);
        said.Sort();
        for (var i = 0; i < said.Count;)
        {
            var end = i + 1;
            while (end < said.Count && said[end] >> 32 == said[i] >> 32) end++;
            var times = end - i;
            if (times > 1 && times <= Math.Max(FewConversations, MostOfGroup * all))
            {
                for (var k = i; k < end;)
                {
                    var account = (int)(uint)said[k];
                    var own = 0;
                    for (; k < end && (int)(uint)said[k] == account; k++) own++;
                    // Each time that the account says it, so much of the other times would be its own by chance.
                    var chance = (volumes[account] - 1.0) / (all - 1.0);
                    kept[account] += own * (((own - 1.0) / (times - 1)) - chance);
                    could[account] += own * (1 - chance);
                }
            }

            i = end;
        }

        List<double> shares = [.. Enumerable.Range(0, accounts.Count).Where(a => volumes[a] >= LeastConversations && could[a] >= LeastWords).Select(a => kept[a] / could[a]).Order()];
        if (shares.Count < LeastAccounts) return Unknown;
        var middle = shares.Count / 2;
        return new KeptWords(shares[middle], shares[middle] - shares[middle - (int)Math.Ceiling(Math.Sqrt(shares.Count) / 2)], shares.Count);
    }

    /// <summary>Adds the words of an account's conversations, less those of its own template, each with the account's number.</summary>
    /// <returns>How many conversations those are.</returns>
    private static int Say(Traffic traffic, OwnTemplates templates, List<int> exchanges, int number, int most, HashSet<uint> seen, List<ulong> said)
    {
        var template = templates[traffic.SubjectOf[exchanges[0]]];
        var conversations = 0;
        seen.Clear();
        foreach (var i in exchanges)
        {
            if (conversations == most) break;
            var words = traffic.Exchanges[i].SlotWords;
            // Steps of one conversation are about one thing, and so is what is asked again.
            if (words.Length == 0 || !seen.Add(traffic.ThreadOf(i)) | !seen.Add(traffic.Exchanges[i].User ^ 0x9E3779B9)) continue;
            conversations++;
            var at = 0;
            foreach (var word in words)
            {
                while (at < template.Length && template[at] < word) at++;
                if (at < template.Length && template[at] == word) continue;
                said.Add(((ulong)word << 32) | (uint)number);
            }
        }

        return conversations;
    }
}
