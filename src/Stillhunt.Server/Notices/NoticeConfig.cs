using System.Net;
using Stillhunt.Ledger;
using Stillhunt.Response;

namespace Stillhunt.Server.Notices;

/// <summary>Who is told of events.</summary>
public sealed record NoticeConfig
{
    private static readonly string[] Kinds =
    [
        CampaignEventKind.New, CampaignEventKind.Grown, CampaignEventKind.Merged, CampaignEventKind.Split, CampaignEventKind.Moved, CampaignEventKind.Succession,
        CampaignEventKind.Dormant, CampaignEventKind.Returned, CampaignEventKind.Confirmed, CampaignEventKind.Dismissed, CampaignEventKind.Intel,
    ];

    public IReadOnlyList<WebhookTarget> Webhooks { get; init; } = [];

    /// <summary>Where syslog (RFC 5424 over UDP) goes; null for nowhere.</summary>
    public DnsEndPoint? Syslog { get; init; }

    public bool IsEmpty => Webhooks.Count == 0 && Syslog is null;

    internal static NoticeConfig Read(YamlFields fields) =>
        new() { Webhooks = [.. fields.Items("webhooks").Select(Webhook).OfType<WebhookTarget>()], Syslog = fields.Inner("syslog") is { } syslog ? Address(syslog) : null };

    private static WebhookTarget? Webhook(YamlFields fields)
    {
        fields.OnlyKnows("url", "secret_file", "events");
        if (!Uri.TryCreate(fields.Text("url"), UriKind.Absolute, out var url) || !(url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)))
        {
            fields.Fault("url", "A webhook needs url: an https address, or http on this machine.");
            return null;
        }

        var events = fields.Texts("events");
        foreach (var unknown in events.Where(kind => !Kinds.Contains(kind))) fields.Fault("events", $"There is no event {unknown}; known are {string.Join(", ", Kinds)}.");
        if (fields.Text("secret_file") is not { } file)
        {
            fields.Fault("secret_file", "A webhook needs secret_file: a file that holds the secret by which the receiver knows that a message is yours.");
            return null;
        }

        try
        {
            var secret = File.ReadAllText(file).Trim();
            if (secret.Length >= LeastSecret) return new WebhookTarget(url, secret, events.Count > 0 ? events : [CampaignEventKind.New, CampaignEventKind.Grown, CampaignEventKind.Moved]);
            fields.Fault("secret_file", $"The secret in {file} is shorter than {LeastSecret} characters.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            fields.Fault("secret_file", $"{file} can't be read: {refused.Message}");
        }

        return null;
    }

    /// <summary>128 bits in base64 or hexadecimal have at least these.</summary>
    private const int LeastSecret = 22;

    private static DnsEndPoint? Address(YamlFields fields)
    {
        fields.OnlyKnows("host", "port");
        var port = (int)(fields.Whole("port", 1, 65535) ?? 514);
        if (fields.Text("host") is { Length: > 0 } host) return new DnsEndPoint(host, port);
        fields.Fault("host", "syslog needs a host.");
        return null;
    }
}

/// <param name="Events">Kinds that are sent.</param>
public sealed record WebhookTarget(Uri Url, string Secret, IReadOnlyList<string> Events);
