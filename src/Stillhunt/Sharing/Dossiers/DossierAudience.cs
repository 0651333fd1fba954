namespace Stillhunt.Sharing.Dossiers;

/// <summary>Who reads a dossier, and under which profile it is redacted.</summary>
public sealed record DossierAudience(string Name, string Title, ShareProfile Profile)
{
    /// <summary>The provider's own counsel: everything, account and exchange ids too.</summary>
    public static DossierAudience Legal { get; } = new("legal", "Dossier for counsel", ShareProfile.Internal);

    /// <summary>Another provider: no customer can be told from it.</summary>
    public static DossierAudience Partner { get; } = new("partner", "Report for a partner", ShareProfile.Partner);

    /// <summary>
    /// An authority that is told of it: exact times and counts, but no account, exchange or customer. Those go to whoever asks for them with a legal title, by counsel.
    /// </summary>
    public static DossierAudience Authority { get; } = new("authority", "Report to an authority", ShareProfile.Partner with { Name = "authority", TimeUnit = TimeSpan.FromSeconds(1), CountDigits = 18 });

    public static DossierAudience? Find(string name) => name switch { "legal" => Legal, "partner" => Partner, "authority" => Authority, _ => null };
}
