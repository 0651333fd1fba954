using System.Runtime.InteropServices;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>How one account uses the model, in the measures that groups are compared by. NaN is unknown.</summary>
internal readonly record struct Habits
{
    /// <summary>Share of its conversations that went on after the first answer.</summary>
    public required double FollowUp { get; init; }

    /// <summary>Share of conversations of which that is known.</summary>
    public required double FollowUpKnown { get; init; }

    /// <summary>
    /// How much its hours cluster, 0 (round the clock) to 1 (one hour): squared length of the mean vector on the 24-hour circle, corrected
    /// for the number of exchanges; unknown under eight.
    /// </summary>
    public required double Daytime { get; init; }

    /// <summary>Likeness of what two of its conversations are about, 0 to 1.</summary>
    public required double OwnTopics { get; init; }

    /// <summary>Likeness to a conversation of another account.</summary>
    public required double OthersTopics { get; init; }

    /// <summary>Both without the template that each account has for itself.</summary>
    public required double OwnItems { get; init; }

    public required double OthersItems { get; init; }
}

/// <summary>Habits of all accounts, and what is usual.</summary>
internal sealed class Population
{
    private const int LeastForHours = 8;

    /// <summary>Pairs of conversations from which on an account's own likeness is known at all.</summary>
    private const int LeastPairs = 2;

    /// <summary>A conversation is compared with at most so many that follow it: of accounts that have few, nearly each with each, as one pair says little.</summary>
    private const int MostReach = 4;

    /// <summary>Pairs that are enough: with more conversations each is compared with fewer that follow it, at least with one.</summary>
    private const int EnoughPairs = 24;

    /// <summary>Conversations of an account that are looked at for what they are about.</summary>
    public const int MostConversations = 24;

    private readonly Traffic _traffic;
    private readonly Topics _topics;
    private readonly OwnTemplates _templates;
    private readonly Habits[] _habits;
    private readonly ReplayedHandles _replayed;

    [ThreadStatic]
    private static Dictionary<uint, (int Prompts, bool HasTools, bool GoesOn)>? _ownThreads;

    [ThreadStatic]
    private static List<int>? _ownFirsts;

    [ThreadStatic]
    private static List<(int, int)>? _ownPairs;

    public Population(Traffic traffic, Topics topics, OwnTemplates templates, ReplayedHandles replayed, Shares shares)
    {
        _templates = templates;
        _traffic = traffic;
        _topics = topics;
        _replayed = replayed;
        _habits = new Habits[traffic.Subjects.Count];
        shares.Each(_habits.Length, new Tools<List<int>>(() => []), (exchanges, s) =>
        {
            exchanges.Clear();
            for (var i = traffic.Subjects[s].First; i < traffic.Subjects[s].End; i++) exchanges.Add(i);
            _habits[s] = Of(s, exchanges);
        });
    }

    public Habits this[int subject] => _habits[subject];

    /// <summary>Whether an exchange passes in a reasoning handle that also came in from a stranger.</summary>
    public bool IsReplay(int exchange) => _replayed.Contains(_traffic.Exchanges[exchange].ReasoningRef);

    /// <summary>Habits over some of an account's sampled exchanges.</summary>
    /// <param name="exchanges">Ascending.</param>
    /// <param name="template">Words of a group's own template, which say nothing about interests.</param>
    public Habits Of(int subject, List<int> exchanges, WordSet? template = null)
    {
        // Groups are measured at once: each thread has tables of its own, used over and over.
        var (threads, firsts) = (_ownThreads ??= [], _ownFirsts ??= []);
        threads.Clear();
        firsts.Clear();
        foreach (var i in exchanges)
        {
            var exchange = _traffic.Exchanges[i];
            ref var thread = ref CollectionsMarshal.GetValueRefOrAddDefault(threads, exchange.Thread, out var known);
            if (!known && exchange.SlotWords.Length > 0 && firsts.Count < MostConversations && !firsts.Exists(first => _traffic.Exchanges[first].User == exchange.User)) firsts.Add(i);

            // What goes on in another customer's account is no person who comes back.
            if (!exchange.HasPrompt || IsReplay(i)) continue;
            thread.Prompts = exchange.IsConversationInferred ? 1 : thread.Prompts + 1;
            thread.HasTools |= exchange.Tools != 0 || exchange.ToolTurns;
            thread.GoesOn |= exchange.Turns > 1;
        }

        Likeness within = default, across = default;
        var pairs = _ownPairs ??= [];
        Pairs(firsts, Math.Clamp(EnoughPairs / Math.Max(1, firsts.Count), 1, MostReach), LeastPairs, pairs);
        foreach (var (a, b) in pairs) within += _topics.Likeness(a, b, template);
        var others = 0;
        for (var a = 0; a < firsts.Count; a++)
        {
            // Some other account's exchange, chosen by hash so that it is the same every time.
            var other = (int)(_traffic.IdOf(firsts[a]) % (ulong)_traffic.Exchanges.Length);
            if (_traffic.SubjectOf[other] == subject || _traffic.Exchanges[other].SlotWords.Length == 0) continue;
            across += _topics.Likeness(firsts[a], other, template);
            others++;
        }

        var (followUp, share) = FollowUp(threads);
        var own = within / (pairs.Count < LeastPairs ? double.NaN : pairs.Count);
        var strangers = across / (others == 0 ? double.NaN : others);
        return new Habits
        {
            FollowUp = followUp,
            FollowUpKnown = share,
            Daytime = Daytime(exchanges),
            OwnTopics = own.Turns,
            OthersTopics = strangers.Turns,
            OwnItems = _templates.IsKnown(subject) ? own.Items : double.NaN,
            OthersItems = _templates.IsKnown(subject) ? strangers.Items : double.NaN,
        };
    }

    /// <summary>
    /// Which of an account's conversations are compared: what is its own comes back another time, and what is asked within one sitting (<see cref="Asking.SoonMs"/>) is often one task, such as two answers to
    /// one question that are graded one after the other (docs/decisions/0021). Those of one sitting count only where the account has no others.
    /// </summary>
    /// <param name="firsts">An exchange of each.</param>
    /// <param name="reach">With how many that follow each is compared, at most.</param>
    /// <param name="least">Pairs that are needed; with fewer that are apart those of one sitting count as well.</param>
    /// <param name="pairs">Becomes the pairs.</param>
    internal void Pairs(List<int> firsts, int reach, int least, List<(int A, int B)> pairs)
    {
        Find(apart: true);
        if (pairs.Count < least) Find(apart: false);

        void Find(bool apart)
        {
            pairs.Clear();
            for (var a = 0; a < firsts.Count; a++)
            {
                var found = 0;
                for (var b = a + 1; b < firsts.Count && found < reach; b++)
                {
                    if (apart && !Asking.AreApart(_traffic.Exchanges[firsts[a]], _traffic.Exchanges[firsts[b]])) continue;
                    pairs.Add((firsts[a], firsts[b]));
                    found++;
                }
            }
        }
    }

    /// <summary>
    /// Share of conversations in which a person came back with another turn: more than one user turn in a request or, where a log does not repeat
    /// the history, more than one request. Those with tools are left out, an agent comes back by itself.
    /// </summary>
    private static (double Share, double Known) FollowUp(Dictionary<uint, (int Prompts, bool HasTools, bool GoesOn)> threads)
    {
        int all = 0, on = 0, conversations = 0;
        foreach (var thread in threads.Values)
        {
            if (thread.Prompts == 0) continue;
            conversations++;
            if (thread.HasTools) continue;
            all++;
            if (thread.GoesOn || thread.Prompts > 1) on++;
        }

        return all == 0 ? (double.NaN, 0) : ((double)on / all, (double)all / conversations);
    }

    /// <summary>Mean of a habit over accounts, each counting once; NaN where no account knows it.</summary>
    public static double Mean(IEnumerable<double> values)
    {
        double sum = 0;
        var count = 0;
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            sum += value;
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private double Daytime(List<int> exchanges)
    {
        var n = exchanges.Count;
        if (n < LeastForHours) return double.NaN;
        double x = 0, y = 0;
        foreach (var i in exchanges)
        {
            var angle = _traffic.Exchanges[i].TimeMs % 86_400_000 / 86_400_000.0 * 2 * Math.PI;
            x += Math.Cos(angle);
            y += Math.Sin(angle);
        }

        return Math.Max(0, (((x * x) + (y * y)) / n - 1) / (n - 1));
    }
}
