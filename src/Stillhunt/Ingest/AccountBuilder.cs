using System.Globalization;
using System.Text;

namespace Stillhunt.Ingest;

/// <summary>Collects one row of an accounts file; a value that cannot be read is refused and leaves its field unknown.</summary>
internal sealed class AccountBuilder(string path, long line, List<AccountFault> faults)
{
    /// <summary>The columns that are read.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "account", "created", "closed", "organization", "verified", "program", "entitlement", "entitlement_until", "payment", "payment_issuer", "email_domain", "email_shape", "phone",
        "country", "owner_country", "referrer", "tier", "plan", "limit",
    ];

    private AccountRecord _record = new() { Account = string.Empty };

    public long Line => line;

    /// <summary>Takes a column by its name; unknown ones are passed over, blank values are unknown.</summary>
    public void Take(string column, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        _record = column switch
        {
            "account" => _record with { Account = value },
            "created" => _record with { CreatedMs = Time(column, value) },
            "closed" => _record with { ClosedMs = Time(column, value) },
            "organization" => _record with { Organization = value },
            "verified" => _record with { Verified = Flag(column, value) },
            "program" => _record with { Program = value },
            "entitlement" => _record with { Entitlement = value },
            "entitlement_until" => _record with { EntitlementUntilMs = LastMomentOf(value) ?? Time(column, value) },
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

    public void Refuse(string? field, string reason) => faults.Add(new AccountFault(path, line, field, reason));

    /// <summary>The record, or null where it names no account.</summary>
    public AccountRecord? Build()
    {
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

    /// <summary>Contracts end on days: a day alone is meant to its end, in UTC. A sign-up on a day alone stays refused, as it would share its hour with all others of the day.</summary>
    private static long? LastMomentOf(string value) => DateOnly.TryParseExact(value.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds() - 1
        : null;

    private bool? Flag(string column, string value)
    {
        if (bool.TryParse(value, out var flag)) return flag;
        Refuse(column, "not-true-or-false");
        return null;
    }
}
