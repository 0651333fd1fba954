using System.Globalization;
using System.Text;
using System.Text.Json;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving;

/// <summary>What a run knows when its traffic is written: the accounts file and the truth.</summary>
public sealed class RangeRun
{
    public const string TruthSchema = "stillhunt.truth/1";

    private readonly List<Account> _accounts;
    private readonly TrafficWriter _writer;
    private readonly RangeOptions _options;
    private readonly long _endMs;

    internal RangeRun(Simulation world, Simulation[] lanes, TrafficWriter writer)
    {
        _writer = writer;
        _options = world.Options;
        _endMs = world.EndMs;
        _accounts = [.. world.Registry.Accounts.OrderBy(a => a.Id, StringComparer.Ordinal)];
        ExchangeCount = lanes.Sum(l => l.ExchangeCount);
        ExtractingCount = lanes.Sum(l => l.ExtractingCount);
    }

    public long ExchangeCount { get; }

    /// <summary>Extracting exchanges that were answered (a refused request is an attempt, not exposure).</summary>
    public long ExtractingCount { get; }

    public int AccountCount => _accounts.Count(a => a.ExchangeCount > 0);

    /// <summary>Accounts by kind with their exchanges, for a look at the mixture.</summary>
    public IReadOnlyList<(string Kind, int Accounts, long Exchanges, long Extracting)> ByKind() =>
    [
        .. _accounts.GroupBy(a => a.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, g.Count(a => a.ExchangeCount > 0), g.Sum(a => a.ExchangeCount), g.Sum(a => a.ExtractingCount))),
    ];

    public void WriteAccounts(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        WriteAccounts(to, _accounts, _writer.NameOf, _endMs);
    }

    /// <param name="nowMs">Closed is what the provider knows by then.</param>
    internal static void WriteAccounts(TextWriter to, IEnumerable<Account> accounts, Func<Account, string> nameOf, long nowMs)
    {
        to.Write("account,created,closed,organization,verified,program,entitlement,payment,payment_issuer,email_domain,email_shape,phone,country,referrer,tier\n");
        foreach (var a in accounts)
        {
            var closed = a.ClosedMs is { } c && c < nowMs ? Time(c) : "";
            to.Write(string.Join(',', nameOf(a), Time(a.CreatedMs), closed, a.Organization, a.Verified ? "true" : "false", a.Program, a.Entitlement,
                a.Payment, a.Issuer, a.EmailDomain, a.EmailShape, a.Phone, a.Country.Code, a.Referrer, a.Tier));
            to.Write('\n');
        }

        static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    public void WriteTruth(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream);
        Line(() =>
        {
            json.WriteString("schema"u8, TruthSchema);
            json.WriteNumber("exchange_count"u8, ExchangeCount);
            json.WriteNumber("account_count"u8, AccountCount);
            json.WriteNumber("tenant_count"u8, _accounts.Sum(a => a.Tenants?.Count ?? 0));
            json.WriteNumber("extracting_count"u8, ExtractingCount);
            json.WriteString("scenario"u8, _options.Scenario);
            json.WriteNumber("seed"u8, _options.Seed);
            json.WriteNumber("scale"u8, _options.Scale);
            json.WriteNumber("days"u8, _options.Days);
            if (_options.HonestAccounts is { } honest) json.WriteNumber("honest"u8, honest);
            json.WriteString("evasions"u8, EvasionNames.Of(_options.Evasions));
        });
        foreach (var account in _accounts)
        {
            if (account.ExchangeCount == 0) continue;
            Line(() =>
            {
                json.WriteString("account"u8, _writer.NameOf(account));
                json.WriteString("kind"u8, account.Campaign is null ? account.Kind : "operator");
                json.WriteString("campaign"u8, account.Campaign);
                json.WriteNumber("exchange_count"u8, account.ExchangeCount);
                json.WriteNumber("extracting_count"u8, account.ExtractingCount);
            });
        }

        // After the accounts, so that a reader who knows no end users may stop.
        foreach (var account in _accounts.Where(a => a.Tenants is not null))
        {
            foreach (var (user, sent) in account.Tenants!.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                Line(() =>
                {
                    json.WriteString("tenant_of"u8, _writer.NameOf(account));
                    json.WriteString("end_user"u8, user);
                    json.WriteString("campaign"u8, sent.Extracting > 0 ? account.Campaign : null);
                    json.WriteNumber("exchange_count"u8, sent.Exchanges);
                    json.WriteNumber("extracting_count"u8, sent.Extracting);
                });
            }
        }

        void Line(Action fields)
        {
            json.WriteStartObject();
            fields();
            json.WriteEndObject();
            json.Flush();
            to.Write(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
            to.Write('\n');
            stream.SetLength(0);
            json.Reset();
        }
    }
}
