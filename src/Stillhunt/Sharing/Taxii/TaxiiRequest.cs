namespace Stillhunt.Sharing.Taxii;

/// <summary>A request as TAXII sees it: no web framework's types, so that the rules can be tested and mounted anywhere.</summary>
public sealed record TaxiiRequest
{
    public required string Method { get; init; }

    /// <summary>The path below which the server is mounted excluded, undecoded parts decoded: "/taxii2/", "/api/collections/".</summary>
    public required string Path { get; init; }

    /// <summary>The query's names and values in the order of the URL, decoded; a name given twice stands twice.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public string? Accept { get; init; }
    public string? ContentType { get; init; }

    /// <summary>Who is calling, as the host found; null for nobody known.</summary>
    public TaxiiUser? User { get; init; }

    /// <summary>At most <see cref="TaxiiOptions.MaxContentLength"/> and one byte need be read: what is longer is refused.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>What is answered. The body is JSON, or empty.</summary>
public sealed record TaxiiResponse
{
    public required int Status { get; init; }
    public string? ContentType { get; init; }
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    public byte[] Body { get; init; } = [];
}
