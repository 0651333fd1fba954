using System.Globalization;
using System.Text;

namespace Stillhunt.Ingest;

/// <summary>Collects one row of an accounts file; a value that cannot be read is refused and leaves its field unknown.</summary>
internal sealed class AccountBuilder(string path, long line, List<AccountFault> faults)
{
    private const string UntilColumn = "entitlement_until";

    private const long DayMs = 86_400_000;

    /// <summary>Of <c>2026-12-31</c>.</summary>
    private const int DayLength = 10;

    /// <summary>The columns that are read.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "account", "created", "closed", "organization", "verified", "program", "entitlement", "entitlement_until", "payment", "payment_issuer", "email_domain", "email_shape", "phone",
        "country", "owner_country", "referrer", "tier", "plan", "limit",
    ];

    private AccountRecord _record = new() { Account = string.Empty };
    private bool _endIsUnreadable;

    public long Line => line;

    /// <summary>Takes a column by its name; unknown ones are passed over, blank values and what databases write for none are unknown.</summary>
    public void Take(string column, string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || NoValue.Is(value)) return;
        _record = column switch
        {
            "account" => _record with { Account = value },
            "created" => _record with { CreatedMs = Time(column, value) },
            "closed" => _record with { ClosedMs = Time(column, value) },
            "organization" => _record with { Organization = value },
            "verified" => _record with { Verified = Flag(column, value) },
            "program" => _record with { Program = value },
            "entitlement" => _record with { Entitlement = Permits(value) ? value : null },
            "entitlement_until" => _record with { EntitlementUntilMs = End(column, value) },
            "payment" => _record with { Payment = value },
            "payment_issuer" => _record with { PaymentIssuer = value },
            "email_domain" => _record with { EmailDomain = value },
            "email_shape" => _record with { EmailShape = value },
            "phone" => _record with { Phone = value },
            "country" => _record with { Country = value },
            "owner_country" => _record with { OwnerCountry = value },
            "referrer" => _record with { Referrer = value },
            "tier" => _record with { Tier = value },
            "plan" => _record with { Plan = value },
            "limit" => _record with { Limit = value },
            _ => _record,
        };
    }

    public void Refuse(string? field, string reason)
    {
        faults.Add(new AccountFault(path, line, field, reason));
        if (field == UntilColumn) _endIsUnreadable = true;
    }

    /// <summary>The record, or null where it names no account. An entitlement has an end that can be read or none that is given: else nobody knows whether it holds, and it is none.</summary>
    public AccountRecord? Build()
    {
        if (_endIsUnreadable) _record = _record with { Entitlement = null, EntitlementUntilMs = null };
        if (_record.Account.Length > 0) return _record;
        Refuse("account", "no-account");
        return null;
    }

    private long? Time(string column, string value)
    {
        if (LogTime.TryRead(Encoding.UTF8.GetBytes(value), zoneIsUtc: false, out var milliseconds, out var why)) return milliseconds;
        Refuse(column, why!);
        return null;
    }

    /// <summary>No log reaches the year 2100, and contracts without end are written as ending in 9999: to <see cref="LogTime"/> both are no times.</summary>
    private long? End(string column, string value)
    {
        _endIsUnreadable = false;
        value = value.Trim();
        if (LastMomentOf(value) is { } last) return last;
        if (LogTime.TryRead(Encoding.UTF8.GetBytes(value), zoneIsUtc: false, out var milliseconds, out var why)) return milliseconds;
        if (why == LogTime.OutOfRange && value.Length > DayLength && LastMomentOf(value[..DayLength]) is { } late && late >= LogTime.LatestMs) return late;
        Refuse(column, why!);
        return null;
    }

    /// <summary>Contracts end on days: a day alone is meant to its end, in UTC. A sign-up on a day alone stays refused, as it would share its hour with all others of the day.</summary>
    private static long? LastMomentOf(string value) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds() + DayMs - 1
        : null;

    /// <summary>Any text is an entitlement but a no: a column of these would clear all campaigns.</summary>
    private static bool Permits(string value) => !No.Contains(value.Trim());

    private static readonly HashSet<string> No = new(StringComparer.OrdinalIgnoreCase) { "none", "no", "false", "0" };

    private bool? Flag(string column, string value)
    {
        if (bool.TryParse(value, out var flag)) return flag;
        Refuse(column, "not-true-or-false");
        return null;
    }
}
