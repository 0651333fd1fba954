using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

internal enum CarrierKind
{
    Home, Mobile, Hosting, Office,
}

/// <summary>A network: its number, its name and the /16 blocks that the range gives it.</summary>
internal sealed record Carrier(int Asn, string Name, string Country, CarrierKind Kind)
{
    private const int BlockCount = 6;

    /// <summary>An address of this carrier; the same seed gives the same one.</summary>
    public string Ip(ulong seed)
    {
        var block = Dice.Mix((ulong)Asn * 31 + seed % BlockCount);
        var host = Dice.Mix(seed ^ 0xA5A5);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{23 + block % 170}.{(block >> 8) & 255}.{host & 255}.{1 + (host >> 8) % 253}");
    }
}

internal sealed record Country(string Code, int HoursFromUtc, string Language, double Weight, Carrier[] Home, Carrier[] Mobile);

/// <summary>Where accounts are. Weights are the range's own assumption.</summary>
internal static class Countries
{
    public static readonly Country[] All =
    [
        Make("US", -6, "en", 26, "7922 Comcast,7018 AT&T Enterprises,701 Verizon Business,20115 Charter", "21928 T-Mobile USA,6167 Verizon Wireless"),
        Make("IN", 5, "en", 12, "9829 BSNL,24560 Bharti Airtel,17488 Hathway", "55836 Reliance Jio,45609 Bharti Mobile"),
        Make("GB", 0, "en", 7, "2856 British Telecom,5089 Virgin Media,13285 TalkTalk", "12576 EE,15502 Vodafone UK"),
        Make("DE", 1, "de", 7, "3320 Deutsche Telekom,3209 Vodafone DE,6805 Telefonica Germany", "20825 Unitymedia,29562 Mobilnetz Sued"),
        Make("FR", 1, "fr", 6, "3215 Orange,12322 Free,15557 SFR", "5410 Bouygues,51207 Free Mobile"),
        Make("BR", -3, "en", 5, "28573 Claro,27699 Telefonica Brasil", "26599 Vivo,26615 TIM Brasil"),
        Make("JP", 9, "ja", 6, "17676 SoftBank,4713 OCN,2516 KDDI", "9605 Docomo,37903 Rakuten"),
        Make("SG", 8, "en", 3, "9506 Singtel,4773 MobileOne", "45143 Singtel Mobile,55430 Starhub"),
        Make("HK", 8, "zh", 3, "4760 HKT,9269 Broadband Network", "137872 Mobile HK"),
        Make("TW", 8, "zh", 3, "3462 HiNet,9924 Taiwan Fixed", "24158 Taiwan Mobile"),
        Make("ES", 1, "es", 4, "3352 Telefonica de Espana,12479 Orange Espana", "12430 Vodafone Spain"),
        Make("MX", -6, "es", 3, "8151 Uninet,28548 Cablevision", "16960 Radiomovil"),
        Make("CA", -5, "en", 4, "577 Bell Canada,812 Rogers", "6327 Shaw"),
        Make("AU", 10, "en", 3, "1221 Telstra,4804 Optus", "133612 Vodafone Australia"),
        Make("PL", 1, "en", 2, "5617 Orange Polska,12741 Netia", "39603 P4"),
        Make("NL", 1, "en", 2, "1136 KPN,33915 Ziggo", "31615 Odido"),
        Make("KZ", 5, "ru", 2, "9198 Kazakhtelecom", "206026 Kar-Tel"),
        Make("RS", 1, "ru", 1.5, "8400 Telekom Srbija,31042 Serbia Broadband", "15958 Yettel"),
        Make("KE", 3, "en", 1.5, "33771 Safaricom Home,37061 Wananchi", "36926 Airtel Kenya"),
        Make("AR", -3, "es", 2, "7303 Telecom Argentina,10834 Telefonica de Argentina", "22927 Movistar"),
    ];

    public static readonly Carrier[] Hosting =
    [
        new(16509, "Amazon.com", "US", CarrierKind.Hosting), new(8075, "Microsoft", "US", CarrierKind.Hosting), new(396982, "Google Cloud", "US", CarrierKind.Hosting),
        new(14061, "DigitalOcean", "US", CarrierKind.Hosting), new(24940, "Hetzner Online", "DE", CarrierKind.Hosting), new(16276, "OVH", "FR", CarrierKind.Hosting),
        new(20473, "The Constant Company", "US", CarrierKind.Hosting), new(63949, "Akamai Connected Cloud", "US", CarrierKind.Hosting),
        new(45102, "Alibaba Cloud", "SG", CarrierKind.Hosting), new(132203, "Tencent", "SG", CarrierKind.Hosting), new(31898, "Oracle", "US", CarrierKind.Hosting),
        new(51167, "Contabo", "DE", CarrierKind.Hosting), new(13335, "Cloudflare", "US", CarrierKind.Hosting), new(9009, "M247", "NL", CarrierKind.Hosting),
    ];

    public static Country Of(string code) => Array.Find(All, c => c.Code == code) ?? throw new KeyNotFoundException($"No country '{code}'.");

    public static Country Any(Dice dice)
    {
        var u = dice.Unit() * All.Sum(c => c.Weight);
        foreach (var country in All)
        {
            if ((u -= country.Weight) <= 0) return country;
        }

        return All[0];
    }

    /// <summary>The language a person writes: mostly the country's, often English.</summary>
    public static string LanguageOf(Country country, Dice dice) =>
        country.Language != "en" && dice.Chance(0.7) ? country.Language
        : country.Language == "en" && dice.Chance(0.06) ? dice.Pick(Text.Tongue.Codes) : "en";

    private static Country Make(string code, int zone, string language, double weight, string home, string mobile) =>
        new(code, zone, language, weight, Read(home, code, CarrierKind.Home), Read(mobile, code, CarrierKind.Mobile));

    private static Carrier[] Read(string list, string country, CarrierKind kind) =>
    [
        .. list.Split(',').Select(entry => entry.Split(' ', 2))
            .Select(p => new Carrier(int.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture), p[1], country, kind)),
    ];
}
