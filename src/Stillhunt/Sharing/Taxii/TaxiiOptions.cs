namespace Stillhunt.Sharing.Taxii;

/// <summary>What a server offers and to whom.</summary>
public sealed record TaxiiOptions
{
    public string Title { get; init; } = "Stillhunt";
    public string? Description { get; init; }
    public string? Contact { get; init; }

    /// <summary>Path segment of the one API root.</summary>
    public string ApiRoot { get; init; } = "api";

    /// <summary>Bytes of a request's body at most. Larger: memory per request, about five times as much. Default 16 MiB.</summary>
    public int MaxContentLength { get; init; } = 16 << 20;

    /// <summary>Objects of one page at most, whatever a client asks for. Default 1,000.</summary>
    public int MostPerPage { get; init; } = 1000;

    /// <summary>How long the status of an add is kept after it ended (TAXII 2.1, section 4.3: at least a day). Default 48 hours.</summary>
    public TimeSpan StatusKept { get; init; } = TimeSpan.FromHours(48);

    public required IReadOnlyList<TaxiiUser> Users { get; init; }
    public required IReadOnlyList<CollectionInfo> Collections { get; init; }
}

/// <summary>Somebody who may connect, by name and password (HTTP Basic) or by token (Bearer); only hashes are held.</summary>
/// <param name="Name">Also the name that rights are given to.</param>
/// <param name="PasswordHash">SHA-256 of the password, or null.</param>
/// <param name="TokenHash">SHA-256 of the token, or null. Passwords and tokens are made by machines, so a fast hash is enough.</param>
public sealed record TaxiiUser(string Name, ReadOnlyMemory<byte>? PasswordHash, ReadOnlyMemory<byte>? TokenHash);

/// <summary>A collection and who may read and write it.</summary>
public sealed record CollectionInfo
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }
    public string? Description { get; init; }
    public string? Alias { get; init; }
    public IReadOnlySet<string> Readers { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> Writers { get; init; } = new HashSet<string>();

    public bool CanRead(string user) => Readers.Contains(user);

    public bool CanWrite(string user) => Writers.Contains(user);
}
