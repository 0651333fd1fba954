using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Whether it makes a difference under which account of a group something is asked. Of a list that one hand deals out, a word that comes back is as likely to come back under any account; customers ask again about what is theirs.
/// That says more than how alike an account's own turns are (<see cref="GroupFacts.OwnInterests"/>), as each word that comes back is a trial, however little of what they ask is their own. What comes back within one sitting
/// (<see cref="Asking.SoonMs"/>) is no trial: it is often one task (docs/decisions/0021).
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
        var conversations = new List<Conversation>();
        var said = new List<ulong>();
        var seen = new HashSet<uint>();
        for (var a = 0; a < accounts.Count; a++) volumes[a] = Say(traffic, templates, accounts[a], a, most, seen, conversations, said);
        var all = conversations.Count;
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
                    var account = conversations[(int)(uint)said[k]].Account;
                    var first = k;
                    while (k < end && conversations[(int)(uint)said[k]].Account == account) k++;
                    var others = times - (k - first);
                    for (int c = first, near = first, beyond = first; c < k; c++)
                    {
                        var conversation = conversations[(int)(uint)said[c]];
                        while (conversation.Ms - conversations[(int)(uint)said[near]].Ms > Asking.SoonMs) near++;
                        while (beyond < k && conversations[(int)(uint)said[beyond]].Ms - conversation.Ms <= Asking.SoonMs) beyond++;
                        var own = k - first - (beyond - near);
                        if (own + others == 0) continue;
                        // Each time that the account says it, so much of the other times would be its own by chance.
                        var chance = conversation.Apart / (double)(conversation.Apart + all - volumes[account]);
                        kept[account] += (own / (double)(own + others)) - chance;
                        could[account] += 1 - chance;
                    }
                }
            }

            i = end;
        }

        List<double> shares = [.. Enumerable.Range(0, accounts.Count).Where(a => volumes[a] >= LeastConversations && could[a] >= LeastWords).Select(a => kept[a] / could[a]).Order()];
        if (shares.Count < LeastAccounts) return Unknown;
        var middle = shares.Count / 2;
        return new KeptWords(shares[middle], shares[middle] - shares[middle - (int)Math.Ceiling(Math.Sqrt(shares.Count) / 2)], shares.Count);
    }

    /// <summary>Adds an account's conversations, in the order of time, and their words, less those of its own template.</summary>
    /// <returns>How many conversations those are.</returns>
    private static int Say(Traffic traffic, OwnTemplates templates, List<int> exchanges, int number, int most, HashSet<uint> seen, List<Conversation> conversations, List<ulong> said)
    {
        var template = templates[traffic.SubjectOf[exchanges[0]]];
        var first = conversations.Count;
        var those = new List<int>();
        seen.Clear();
        foreach (var i in exchanges)
        {
            if (those.Count == most) break;
            // Steps of one conversation are about one thing, and so is what is asked again.
            if (traffic.Exchanges[i].SlotWords.Length > 0 && (seen.Add(traffic.ThreadOf(i)) & seen.Add(traffic.Exchanges[i].User ^ 0x9E3779B9))) those.Add(i);
        }

        those.Sort((a, b) => traffic.Exchanges[a].TimeMs.CompareTo(traffic.Exchanges[b].TimeMs));
        foreach (var i in those)
        {
            var at = 0;
            foreach (var word in traffic.Exchanges[i].SlotWords)
            {
                while (at < template.Length && template[at] < word) at++;
                if (at < template.Length && template[at] == word) continue;
                said.Add(((ulong)word << 32) | (uint)conversations.Count);
            }

            var ms = traffic.Exchanges[i].TimeMs;
            conversations.Add(new Conversation(number, ms, those.Count(other => Asking.AreApart(traffic.Exchanges[other], traffic.Exchanges[i]))));
        }

        return conversations.Count - first;
    }

    /// <param name="Account">Its place among the group's.</param>
    /// <param name="Ms">When it was looked at.</param>
    /// <param name="Apart">The account's conversations that are no part of one sitting with it.</param>
    private readonly record struct Conversation(int Account, long Ms, int Apart);
}
