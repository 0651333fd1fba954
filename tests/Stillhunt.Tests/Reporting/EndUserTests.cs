using AngleSharp.Html.Parser;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;
using Stillhunt.Sharing;
using Stillhunt.Tests.Sharing;

namespace Stillhunt.Tests.Reporting;

/// <summary>A member that is one end user of an account must never read as the account.</summary>
public sealed class EndUserTests
{
    private const string Account = "acct-of-a-reseller", User = "tenant-7";

    private static readonly ScanResult Result = With(ExportSample.Result());

    [Fact]
    public void The_list_to_paste_leaves_the_account_out_and_says_so_and_the_table_names_both()
    {
        using var html = new StringWriter();
        HtmlReport.Write(html, Result, new ReportContext { ToolVersion = "0.1.0", Command = "stillhunt scan", Inputs = ["log"] });
        var page = new HtmlParser().ParseDocument(html.ToString());
        Assert.All(page.QuerySelectorAll("pre.ids"), list => Assert.DoesNotContain(Account, list.TextContent, StringComparison.Ordinal));
        Assert.Contains("1 end user of accounts that are not the operator's left out here", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(page.QuerySelectorAll("tr"), row => row.TextContent.Contains(Account, StringComparison.Ordinal) && row.TextContent.Contains(User, StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_and_table_of_accounts_name_both()
    {
        using var csv = new StringWriter();
        AccountCsv.Write(csv, Result);
        Assert.Contains($"\"{Account}\",\"eu\",\"{User}\",", csv.ToString(), StringComparison.Ordinal);
        using var markdown = new StringWriter();
        MarkdownSummary.Write(markdown, Result);
        Assert.Contains($"end user `{User}` of `{Account}`", markdown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_with_identities_names_the_user_and_one_without_neither()
    {
        var users = ExportSample.Objects(ExportSample.Export(Result, ExportSample.Request(ShareProfile.Internal)), "user-account").ToList();
        var user = Assert.Single(users, item => (string?)item["account_login"] == Account);
        Assert.Equal(User, (string?)user["user_id"]);
        Assert.All(users.Where(item => item != user), item => Assert.Null(item["user_id"]));
        var shared = ExportSample.Export(Result).ToJsonString();
        Assert.DoesNotContain(Account, shared, StringComparison.Ordinal);
        Assert.DoesNotContain(User, shared, StringComparison.Ordinal);
    }

    private static ScanResult With(ScanResult result) => result with
    {
        Campaigns = [.. result.Campaigns.Select(campaign => campaign with
        {
            Accounts = [new CampaignAccount { Id = Account, Source = "eu", EndUser = User, Probability = 0.999, ExchangeCount = 40, ExtractingCount = 30 }, .. campaign.Accounts.Skip(1)],
        })],
    };
}
