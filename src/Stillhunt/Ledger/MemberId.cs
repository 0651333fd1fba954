using Stillhunt.Campaigns;
using Stillhunt.Profiles;

namespace Stillhunt.Ledger;

/// <summary>Who is a member: an account, or one of its end users.</summary>
/// <param name="EndUser">Null for the whole account.</param>
internal readonly record struct MemberId(AccountId Account, string? EndUser)
{
    public static MemberId Of(CampaignAccount account) => new(new AccountId(account.Source, account.Id), account.EndUser);
}
