namespace Stillhunt.Sharing;

/// <summary>
/// Who may read an export, and what may be in it therefore. Identifiers and texts are redacted first and everything else, ids included, is
/// computed from what is left.
/// </summary>
public sealed record ShareProfile
{
    /// <summary>internal, partner or public.</summary>
    public required string Name { get; init; }

    /// <summary>The TLP 2.0 marking of every object: clear, green, amber, amber+strict or red.</summary>
    public required string Tlp { get; init; }

    /// <summary>A word leaves in clear if so many unlinked owners use it or the project's own lexicon holds it; 0 lets everything through.</summary>
    public required int LeastOwners { get; init; }

    /// <summary>Times are rounded down to multiples of this.</summary>
    public required TimeSpan TimeUnit { get; init; }

    /// <summary>Counts keep so many leading digits.</summary>
    public required int CountDigits { get; init; }

    /// <summary>Account ids, end users, exchange ids, model names and raw skeletons: for the provider alone.</summary>
    public required bool Identities { get; init; }

    /// <summary>Single addresses and networks, in clear: a keyed hash of one of four thousand million is no secret to who holds the key.</summary>
    public required bool Addresses { get; init; }

    /// <summary>Mail domains, in clear or not at all, for the same reason. A company's domain is its name, so no profile but internal has them unless asked.</summary>
    public bool MailDomains { get; init; }

    /// <summary>Keyed sketches of phrases, clients and payment tokens; they need a group's key.</summary>
    public required bool Sketches { get; init; }

    /// <summary>
    /// The source of a log whose own account ids leave, as sightings of the campaign, towards the provider that the accounts belong to and nobody else; null for none.
    /// </summary>
    public string? AccountsOf { get; init; }

    public static ShareProfile Internal { get; } = new()
    {
        Name = "internal", Tlp = "amber+strict", LeastOwners = 0, TimeUnit = TimeSpan.FromMilliseconds(1), CountDigits = 18, Identities = true, Addresses = true, MailDomains = true, Sketches = true,
    };

    public static ShareProfile Partner { get; } = new()
    {
        Name = "partner", Tlp = "amber", LeastOwners = 5, TimeUnit = TimeSpan.FromHours(1), CountDigits = 3, Identities = false, Addresses = true, Sketches = true,
    };

    public static ShareProfile Public { get; } = new()
    {
        Name = "public", Tlp = "clear", LeastOwners = 20, TimeUnit = TimeSpan.FromDays(1), CountDigits = 2, Identities = false, Addresses = false, Sketches = false,
    };

    /// <summary>
    /// The partner profile for one provider alone, whose accounts the log's source names: these are told to it, since they are its own. For its eyes only, and with ids apart from those of
    /// other exports: what differs may not have one id.
    /// </summary>
    public static ShareProfile ForProvider(string source) => Partner with { Name = "provider", Tlp = "red", AccountsOf = source };

    public static ShareProfile? Find(string name) => name switch { "internal" => Internal, "partner" => Partner, "public" => Public, _ => null };

    /// <summary>Whether values of a kind of indicator may be in it at all; of some only those that <see cref="Stix.IndicatorExport"/> finds to tell nothing.</summary>
    internal bool LetsOut(string kind) => kind switch
    {
        "ip" or "network" or "tls" => Addresses, "asn" => true, "email-domain" => MailDomains, "client" => Identities || Sketches, "payment" or "sketch" => Sketches, _ => false,
    };

    /// <summary>Rounded down: no export claims more than was counted.</summary>
    public long Count(long exact)
    {
        long unit = 1;
        for (var digits = exact.ToString(System.Globalization.CultureInfo.InvariantCulture).Length; digits > CountDigits; digits--) unit *= 10;
        return exact / unit * unit;
    }

    public DateTimeOffset Time(DateTimeOffset exact) => new(exact.UtcTicks - (exact.UtcTicks % TimeUnit.Ticks), TimeSpan.Zero);
}
