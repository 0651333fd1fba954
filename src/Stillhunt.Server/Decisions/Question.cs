using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Decisions;

/// <summary>What is asked about one request. Null: unknown to whoever asks.</summary>
/// <param name="Source">Under which source the account's traffic is taken in; null for the default one.</param>
internal readonly record struct Question(string Account, string? Source, string? Region, string? Model, string? Tier)
{
    public AccountId Id => new(Source ?? LogFile.DefaultSource, Account);

    /// <summary>The one way from a question to a verdict, for <c>/v1/decide</c> and every enforcement point.</summary>
    public Verdict? AnsweredBy(DecisionBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.Of(Id, Region, Model, Tier);
    }
}
