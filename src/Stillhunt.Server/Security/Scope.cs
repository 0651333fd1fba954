namespace Stillhunt.Server.Security;

/// <summary>What a key may do. An endpoint needs one; <see cref="Admin"/> includes all others.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary>Send exchanges.</summary>
    Ingest = 1,

    /// <summary>Ask for decisions.</summary>
    Decide = 2,

    /// <summary>Read campaigns, accounts, events, the audit trail.</summary>
    Read = 4,

    /// <summary>Confirm, dismiss, approve, reverse, grant.</summary>
    Act = 8,

    /// <summary>Everything, deletion and reloading of the policy included.</summary>
    Admin = 16,

    /// <summary>Read and write the collections of the TAXII server to which the key was given rights.</summary>
    Share = 32,

    /// <summary>Say what is known of accounts: who is verified, in a programme, entitled. Rules spare accounts for it, so a gateway's key has no need of it.</summary>
    Accounts = 64,
}

/// <summary>Scopes as they are written in commands and answers.</summary>
public static class ScopeNames
{
    private static readonly Scopes[] All = [Scopes.Ingest, Scopes.Accounts, Scopes.Decide, Scopes.Read, Scopes.Act, Scopes.Share, Scopes.Admin];

    /// <summary>Reads a comma-separated list; null and the word at fault where one is unknown.</summary>
    public static Scopes? Parse(string text, out string? unknown)
    {
        ArgumentNullException.ThrowIfNull(text);
        unknown = null;
        var scopes = Scopes.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Array.Find(All, scope => Name(scope) == word) is var found && found == Scopes.None)
            {
                unknown = word;
                return null;
            }

            scopes |= found;
        }

        return scopes;
    }

    public static string Text(this Scopes scopes) => string.Join(',', All.Where(scope => scopes.HasFlag(scope)).Select(Name));

    public static bool Allow(this Scopes held, Scopes needed) => held.HasFlag(Scopes.Admin) || held.HasFlag(needed);

    private static string Name(Scopes scope) => scope switch
    {
        Scopes.Ingest => "ingest", Scopes.Accounts => "accounts", Scopes.Decide => "decide", Scopes.Read => "read", Scopes.Act => "act", Scopes.Share => "share", _ => "admin",
    };
}
