using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Duels;

/// <summary>
/// Where requests meet the defender. It tells the defender what a gateway would see and lays the reply over the answer; the truth about the request goes into the
/// books only. The sender learns the status and what the answer lacks.
/// </summary>
internal sealed class DuelGate(IDefender defender, DuelOptions options)
{
    private readonly SortedDictionary<string, CaseBook> _cases = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HonestBook> _honest = new(StringComparer.Ordinal);

    public DuelOptions Options { get; } = options;
    public long StartMs { get; set; }
    public IReadOnlyCollection<CaseBook> Cases => _cases.Values;
    public IReadOnlyCollection<HonestBook> Honest => _honest.Values;

    public CaseBook BookOf(string caseId)
    {
        if (!_cases.TryGetValue(caseId, out var book)) _cases.Add(caseId, book = new CaseBook(caseId));
        return book;
    }

    public void Meet(Draft draft)
    {
        var account = draft.Account;
        var asks = Asked(draft);
        var reply = defender.Meet(new DuelRequest(account.Id, draft.TimeMs, draft.Address.Carrier?.Country, draft.Model, account.Tier, asks, draft.Status < 400 ? draft.OutputTokens : 0));
        if (reply.RefusedWith is { } status) Answer.Refuse(draft, status);
        // The provider made the whole answer and logs it so; only the sender gets less.
        draft.Withheld = draft.Status < 400 ? reply.Withheld & asks : AnswerParts.None;
        if (draft.Extracts)
        {
            BookOf(account.Campaign ?? "").Take(draft, reply, StartMs);
        }
        else if (account.Campaign is null)
        {
            if (!_honest.TryGetValue(account.Kind, out var book)) _honest.Add(account.Kind, book = new HonestBook(account.Kind));
            book.Take(draft, reply);
        }
    }

    private static AnswerParts Asked(Draft draft) =>
        (draft.Settings.Logprobs == true ? AnswerParts.Logprobs : 0)
        | (draft.Settings.Choices > 1 ? AnswerParts.Candidates : 0)
        | (draft.ReasoningTokens > 0 ? AnswerParts.Reasoning : 0);
}
