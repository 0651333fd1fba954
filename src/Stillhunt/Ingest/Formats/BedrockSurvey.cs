using System.Text;
using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Decides by which identity a Bedrock log's callers are told apart, from a look at the log before it is read.
/// <list type="bullet">
/// <item>Several AWS accounts: each is a customer, the account is <c>accountId</c>.</item>
/// <item>One AWS account: the caller is <c>identity.arn</c>, as it stands. That keeps the session of an assumed role, and must: where every caller is
/// a session of one role, the session is all that tells customers apart, and without it the whole log would be one account.</item>
/// <item>The session goes only where it demonstrably is no caller: several roles or users share the log and none holds more than nine tenths of it (so
/// they can be the callers), and of the sessions of roles with more than one, most have names that software counts up (<c>worker-7</c>). Kept there,
/// one honest fleet would look like many accounts with one hand.</item>
/// </list>
/// <c>--account-field</c> overrides all of it.
/// </summary>
internal sealed class BedrockSurvey
{
    /// <summary>Distinct callers that are remembered; beyond it the decision stands on the first ones.</summary>
    private const int RememberedLimit = 100_000;

    private readonly Dictionary<string, Principal> _principals = new(StringComparer.Ordinal);
    private string? _account;
    private long _records;

    private sealed class Principal
    {
        public long Records;
        public HashSet<string> Sessions { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Several accounts were seen: nothing further can change the decision.</summary>
    public bool Decided { get; private set; }

    public void Look(ReadOnlySpan<byte> bytes)
    {
        if (Decided) return;
        try
        {
            Look(JsonValue.Of(bytes), 0);
        }
        catch (JsonException)
        {
            // Counted as a refused record when it is read; it says nothing about identities.
        }
    }

    public BedrockIdentity Decide()
    {
        if (Decided || _records == 0) return BedrockIdentity.AccountId;
        var largest = _principals.Values.Max(principal => principal.Records);
        if (_principals.Count < 2 || largest > 0.9 * _records) return BedrockIdentity.Arn;
        var sessions = _principals.Values.Where(principal => principal.Sessions.Count > 1).SelectMany(principal => principal.Sessions).ToList();
        var rotating = sessions.Count(session => BedrockArn.LooksRotating(Encoding.UTF8.GetBytes(session)));
        return sessions.Count > 0 && rotating * 2 > sessions.Count ? BedrockIdentity.ArnWithoutSession : BedrockIdentity.Arn;
    }

    private void Look(JsonValue record, int nesting)
    {
        if (record.IsArray)
        {
            if (nesting < 3) foreach (var item in record.Items()) Look(item, nesting + 1);
            return;
        }

        JsonValue account = default, identity = default, model = default, rows = default;
        foreach (var property in record.Properties())
        {
            if (property.Is("accountId"u8)) account = property.Value;
            else if (property.Is("identity"u8)) identity = property.Value;
            else if (property.Is("modelId"u8)) model = property.Value;
            else if (RecordWrapping.IsRows(property)) rows = property.Value;
        }

        if (!model.Exists || (!account.Exists && !identity.Exists))
        {
            if (rows.Exists && nesting < 3) Look(rows.IsString ? new JsonScratch().Inside(rows) : rows, nesting + 1);
            return;
        }

        _records++;
        if (account.ToText() is { Length: > 0 } id)
        {
            _account ??= id;
            Decided |= id != _account;
        }

        if (identity.Get("arn"u8).ToText() is { Length: > 0 } arn) Count(Encoding.UTF8.GetBytes(arn));
    }

    private void Count(ReadOnlySpan<byte> arn)
    {
        var name = Encoding.UTF8.GetString(BedrockArn.WithoutSession(arn));
        if (!_principals.TryGetValue(name, out var principal))
        {
            if (_principals.Count >= RememberedLimit) return;
            _principals[name] = principal = new Principal();
        }

        principal.Records++;
        var session = BedrockArn.Session(arn);
        if (!session.IsEmpty && principal.Sessions.Count < 64) principal.Sessions.Add(Encoding.UTF8.GetString(session));
    }
}
