using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Reporting;

/// <summary>The sample with one planted text in every place that a log, or a file made from one, can reach.</summary>
internal static class HostileResult
{
    /// <summary>Each tries to get out of the text that it stands in.</summary>
    public static readonly string[] Texts =
    [
        "<script>alert(1)</script>",
        "</style></title><script src=//evil.example/x.js></script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)' x='",
        "` onfocus=alert(1) autofocus `",
        "<a href=\"javascript:alert(1)\">click</a>",
        "<svg/onload=alert(1)><iframe srcdoc='<script>1</script>'></iframe>",
        "--><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example><!--",
        "</pre></details></section><form action=//evil.example><input name=a>",
        "[click](https://evil.example/) ![pixel](https://evil.example/p.png) <https://evil.example>",
        "[a]: https://evil.example 'x'",
        "| a | b |\n|---|---|\n| c | d |\n\n# Heading\n\n- item\n\n```\ncode\n```\n\n***\n",
        "``` `x` `` ~~~ **bold** _it_ ~~del~~ $x$ &lt;b&gt; \\<b>",
        "see www.evil.example or https://evil.example/?a=1&b=2 or mail eve@evil.example @everyone #12 !34",
        "1. one\n2) two\n+ three\n> quote\n    code\n===\n---",
        "javascript:alert(1) data:text/html,x vbscript:x",
        "\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u001b]0;title\u0007 \u009b2J \u001bP1\u001b\\",
        "a\rb\u0008\u0008c\u0000d\u007fe\u0085f\u000bg",
        "user\u202Etxt.exe\u202C \u2066iso\u2069 \u200Ezero\u200Bwidth\uFEFF \u00ADsoft \u2028line \u061C",
        "tag\U000E0041\U000E007F filler\u3164\uFFA0 private\uE000 lone\uD800 mark e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\"=1+1\"",
        "'\"=1+1",
        "\uFF1D1+1",
        "\u200B=1+1",
        "a;=1+1;b",
        "x,\"=1+1",
        "[bold red]spectre[/] [[x]] [link=https://evil.example]y[/] [",
        "{0} {{}} %s $(id)",
        "",
        " ",
    ];

    public static ScanResult With(string planted)
    {
        var sample = SampleResult.Realistic();
        return sample with
        {
            Scanned = sample.Scanned with
            {
                Rejected = new Dictionary<string, long> { [planted] = 3 },
                Missing = [planted],
                From = planted,
                To = planted,
                DroppedFields = new Dictionary<string, long> { [planted] = 1 },
            },
            Access = new AccessSummary
            {
                Days =
                [
                    .. sample.Access.Days.Take(2).Select(day => day with { Techniques = Shares(planted), Capabilities = Shares(planted), Models = Shares(planted) }),
                    sample.Access.Days[0] with { Day = planted },
                ],
                Changes = [new AccessChange { Text = planted }],
            },
            Campaigns = [Plant(sample.Campaigns[2], planted), Plant(sample.Campaigns[1], planted), Plant(sample.Campaigns[0], planted)],
            Suspected = [Plant(sample.Suspected[0], planted)],
            Cleared = [new ClearedGroup { Lookalike = planted, AccountCount = 2, ExchangeCount = 9, Text = planted, Accounts = [planted] }],
        };
    }

    private static Campaign Plant(Campaign campaign, string planted) => campaign with
    {
        Id = planted,
        First = planted,
        Last = planted,
        Accounts = [.. campaign.Accounts.Select((account, i) => account with { Id = i % 2 == 0 ? planted : planted + i, Source = planted, EndUser = planted, Key = planted })],
        Techniques = [new Share { Id = planted, Value = 0.5 }],
        Capabilities = [new Share { Id = planted, Value = 0.5 }],
        Models = [new Share { Id = planted, Value = 0.5 }, new Share { Id = planted + "2", Value = 0.5 }],
        Families = [new CampaignFamily { Id = planted, Skeleton = $"{planted} ‹…› {planted}", ExchangeCount = 7 }],
        Exposure = new Exposure { OutputTokens = 1, ReasoningTokens = 1, ByCapability = Counts(planted), ByModel = Counts(planted) },
        Evidence = [SampleResult.Row(planted, planted, 4, planted, 2, planted), SampleResult.Row("content", planted, 3, $"They use {planted} together.", 2, planted, planted)],
        Days = [new CampaignDay { Day = planted, ExtractingCount = 3, AccountCount = 1 }, .. campaign.Days],
        Shared = [.. campaign.Shared.Select(value => value with { Kind = planted, Label = planted })],
    };

    private static Dictionary<string, double> Shares(string planted) => new() { [planted] = 0.4 };

    private static Dictionary<string, long> Counts(string planted) => new() { [planted] = 4 };
}
