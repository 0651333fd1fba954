using Stillhunt.Campaigns;

namespace Stillhunt.Reporting.Html;

/// <summary>
/// How much of each campaign the page holds, so that 200 campaigns stay under about 5 MB and a browser opens it at once. What is left out is said
/// in place; CSV and JSON hold everything.
/// </summary>
internal sealed record ReportBudget
{
    /// <summary>Rows of account tables over all campaigns; a row is about 130 characters.</summary>
    private const int AccountRows = 8_000;

    /// <summary>Characters of account ids in the lists to act on, over all campaigns.</summary>
    private const int IdCharacters = 500_000;

    /// <summary>Rows of an account table that stand open.</summary>
    public required int OpenAccounts { get; init; }

    /// <summary>Rows of an account table altogether.</summary>
    public required int TotalAccounts { get; init; }

    public required int ListedCharacters { get; init; }
    public required int Families { get; init; }
    public required int SkeletonLength { get; init; }

    /// <summary>Shared values in a picture of links.</summary>
    public required int Hubs { get; init; }

    /// <summary>Whether accounts are drawn as dots inside their disc; else the disc's size alone tells how many.</summary>
    public required bool Dots { get; init; }

    public static ReportBudget For(ScanResult result)
    {
        var campaigns = Math.Max(1, result.Campaigns.Count + result.Suspected.Count);
        var many = campaigns > 40;
        return new ReportBudget
        {
            OpenAccounts = many ? 20 : 50,
            TotalAccounts = Math.Max(20, AccountRows / campaigns),
            ListedCharacters = Math.Max(2_000, IdCharacters / campaigns),
            Families = many ? 4 : 10,
            SkeletonLength = many ? 600 : 3_000,
            Hubs = many ? 8 : Connections.MostHubs,
            Dots = !many,
        };
    }
}
