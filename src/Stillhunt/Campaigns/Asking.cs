using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>When two requests are two questions, and when they are one.</summary>
internal static class Asking
{
    /// <summary>
    /// What an account asks again so soon is one question: the best of several answers is kept, each model gives its own, or one thing is asked in more than one way. A set that is gone through again comes back later.
    /// Operators of an eighth author, who take the best of three, asked again after 10 to 30 seconds in the middle case (docs/decisions/0020).
    /// </summary>
    public const long SoonMs = 15 * 60_000L;

    /// <summary>Whether two of an account's exchanges are no part of one sitting.</summary>
    public static bool AreApart(ExchangeFingerprint a, ExchangeFingerprint b) => Math.Abs(a.TimeMs - b.TimeMs) > SoonMs;

    /// <summary>What tells one text from another: how it was written, numbers and all, or its words alone.</summary>
    public static Func<ExchangeFingerprint, uint> Text(bool countNumbers) => countNumbers ? exchange => exchange.Turn : exchange => exchange.User;

    /// <summary>Whether it is kept of all exchanges how they were written: it was not always.</summary>
    public static bool KnowsNumbers(Traffic traffic, IEnumerable<int> exchanges) => exchanges.All(i => traffic.Exchanges[i].User == 0 || traffic.Exchanges[i].Turn != 0);

    /// <summary>Different texts over questions, 0 to 1; NaN of none. Of a conversation the first counts: the steps of an agent are about one task. Requests whose text was not logged are no questions.</summary>
    /// <param name="countNumbers">Whether texts that differ in their numbers are different.</param>
    /// <param name="joinAgain">Whether what is asked again soon is one question.</param>
    public static double DistinctTurns(Traffic traffic, IReadOnlyCollection<int> exchanges, bool countNumbers, bool joinAgain)
    {
        var text = Text(countNumbers && KnowsNumbers(traffic, exchanges));
        var turns = new HashSet<uint>();
        var conversations = new HashSet<(int, uint)>();
        var asked = new List<(int Account, uint Turn, long Ms)>();
        foreach (var i in exchanges)
        {
            var turn = text(traffic.Exchanges[i]);
            if (turn == 0 || !conversations.Add((traffic.SubjectOf[i], traffic.ThreadOf(i)))) continue;
            turns.Add(turn);
            asked.Add((traffic.SubjectOf[i], turn, traffic.Exchanges[i].TimeMs));
        }

        if (asked.Count == 0) return double.NaN;
        if (!joinAgain) return turns.Count / (double)asked.Count;
        asked.Sort();
        var questions = 0;
        long begun = 0;
        for (var k = 0; k < asked.Count; k++)
        {
            // From when it was asked first: what is asked all day long is no one question.
            if (k > 0 && (asked[k].Account, asked[k].Turn) == (asked[k - 1].Account, asked[k - 1].Turn) && asked[k].Ms - begun <= SoonMs) continue;
            begun = asked[k].Ms;
            questions++;
        }

        return turns.Count / (double)questions;
    }
}
