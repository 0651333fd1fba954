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

    /// <summary>What was asked as it was written, numbers and all; as its words were, where that was not kept.</summary>
    public static uint TurnOf(ExchangeFingerprint exchange) => exchange.Turn != 0 ? exchange.Turn : exchange.User;

    /// <summary>Different texts over questions, 0 to 1; NaN of none. Of a conversation the first counts: the steps of an agent are about one task.</summary>
    /// <param name="of">What tells one text from another.</param>
    public static double DistinctTurns(Traffic traffic, IEnumerable<int> exchanges, Func<ExchangeFingerprint, uint> of)
    {
        var turns = new HashSet<uint>();
        var conversations = new HashSet<(int, uint)>();
        var asked = new List<(int Account, uint Turn, long Ms)>();
        foreach (var i in exchanges)
        {
            if (!conversations.Add((traffic.SubjectOf[i], traffic.ThreadOf(i)))) continue;
            var turn = of(traffic.Exchanges[i]);
            if (turn != 0) turns.Add(turn);
            asked.Add((traffic.SubjectOf[i], turn, traffic.Exchanges[i].TimeMs));
        }

        asked.Sort();
        var questions = 0;
        for (var k = 0; k < asked.Count; k++)
            if (k == 0 || asked[k].Turn == 0 || (asked[k].Account, asked[k].Turn) != (asked[k - 1].Account, asked[k - 1].Turn) || asked[k].Ms - asked[k - 1].Ms > SoonMs) questions++;
        return questions == 0 ? double.NaN : turns.Count / (double)questions;
    }
}
