using Stillhunt.Profiles;
using Stillhunt.Server.Decisions;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// Turns verdicts into what a gateway can do with a request. All enforcement points ask here, and this asks the same book as <c>/v1/decide</c>.
/// </summary>
internal sealed class Admissions(ServerState state)
{
    /// <summary>Longest account, source, region, model or tier that is looked up; what is longer is refused. No provider's ids come near it.</summary>
    public const int MostCharacters = 1024;

    private readonly RequestCap _cap = new(state.Time);

    /// <summary>Until the store was read nothing is known, and whoever asks has to do what its fail mode says.</summary>
    public bool IsOpen => state.IsReady;

    /// <param name="counts">Whether this is a request of its own and counts against a cap; false where the same request is asked about again.</param>
    public Admission Of(in Question question, bool counts = true)
    {
        if (question.Account.Length == 0) return Admission.Refused(Refusal.Unnamed);
        if (IsTooLong(question.Account) || IsTooLong(question.Source) || IsTooLong(question.Region) || IsTooLong(question.Model) || IsTooLong(question.Tier))
            return Admission.Refused(Refusal.Unreadable("A name in the request is too long."));
        state.Counters.Decisions.Add(1);
        var admission = new Admission(question.AnsweredBy(state.Decisions), null);
        Refusal? refusal = null;
        long? perHour = null, perDay = null;
        foreach (var obligation in admission.Obligations)
        {
            if (Refusal.Of(obligation.Action) is { } harder && (refusal is null || obligation.Action == admission.Verdict!.Would)) refusal = harder;
            if (obligation.RequestsPerHour is { } limit && !(limit >= perHour)) perHour = limit;
            if (obligation.TokensPerDay is { } tokens && !(tokens >= perDay)) perDay = tokens;
        }

        if (refusal is null && perDay is { } day && counts && OutputToday(question.Id) >= day) refusal = Refusal.TokensUsedUp(TokenBudget.UntilTomorrow(state.Time));
        if (refusal is null && perHour is { } most && counts && _cap.Take(question.Id, most) is { } wait) refusal = Refusal.OverLimit(wait);
        return admission with { Refusal = refusal };
    }

    /// <summary>Output tokens that the account's traffic of this UTC day declared, as of the last finished detection; null where it is unknown, and then nothing is refused for it.</summary>
    private long? OutputToday(AccountId account) =>
        state.Detection.Use.TryGetValue(account, out var use) && use.Day == state.Time.GetUtcNow().ToUnixTimeSeconds() / 86_400 ? use.DayOutputTokens : null;

    private static bool IsTooLong(string? text) => text?.Length > MostCharacters;
}
