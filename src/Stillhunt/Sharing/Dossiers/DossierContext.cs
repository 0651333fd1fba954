namespace Stillhunt.Sharing.Dossiers;

/// <summary>What a dossier says of its making.</summary>
public sealed record DossierContext
{
    public required DossierAudience Audience { get; init; }
    public required string Producer { get; init; }

    /// <summary>Who wrote it, for the chain of custody; null leaves a line to fill in.</summary>
    public string? Author { get; init; }

    public required DateTimeOffset Written { get; init; }
    public required string ToolVersion { get; init; }

    /// <summary>The result, the logs and other files, by name, length and SHA-256.</summary>
    public required IReadOnlyList<DossierInput> Inputs { get; init; }
}

/// <param name="Role">result, log, accounts, ...</param>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record DossierInput(string Role, string Name, long Bytes, string Sha256);
