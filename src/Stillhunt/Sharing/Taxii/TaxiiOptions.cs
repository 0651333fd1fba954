namespace Stillhunt.Sharing.Taxii;

/// <summary>What a server says of itself, and its limits.</summary>
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
}

/// <summary>A collection and who may read and write it.</summary>
public sealed record CollectionInfo
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }
    public string? Description { get; init; }
    public string? Alias { get; init; }

    /// <summary>Names of users; <c>*</c> is whoever the host lets in.</summary>
    public IReadOnlySet<string> Readers { get; init; } = new HashSet<string>();

    /// <inheritdoc cref="Readers"/>
    public IReadOnlySet<string> Writers { get; init; } = new HashSet<string>();

    public bool CanRead(TaxiiUser user) => Has(Readers, user);

    public bool CanWrite(TaxiiUser user) => Has(Writers, user);

    private static bool Has(IReadOnlySet<string> names, TaxiiUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.MayAll || names.Contains(user.Name) || names.Contains("*");
    }
}

/// <summary>Whom the host found to be calling.</summary>
/// <param name="Name">That rights are given to.</param>
/// <param name="MayAll">Whether it reads and writes every collection.</param>
public sealed record TaxiiUser(string Name, bool MayAll);
