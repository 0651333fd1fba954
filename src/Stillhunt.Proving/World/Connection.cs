using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

internal readonly record struct Address(string? Ip, Carrier? Carrier);

/// <summary>Where an account's requests come from: one place, a few, or another at each session or request.</summary>
internal sealed class Connection
{
    private readonly Func<Dice, long, Address> _next;
    private Address _kept;
    private long _keptUntil;
    private readonly double _keepsMs;

    private Connection(Func<Dice, long, Address> next, double keepsMs) => (_next, _keepsMs) = (next, keepsMs);

    public static readonly Connection None = new((_, _) => default, double.MaxValue);

    private const double Hour = 3_600_000;

    public Address At(long now, Dice dice)
    {
        if (now < _keptUntil) return _kept;
        _kept = _next(dice, now);
        _keptUntil = _keepsMs <= 0 ? 0 : now + (long)Math.Min(dice.Exponential(_keepsMs), 1e15);
        return _kept;
    }

    /// <summary>The same place for another account, with a stay of its own.</summary>
    public Connection Shared() => new(_next, _keepsMs);

    public static Connection Fixed(Carrier carrier, ulong seed)
    {
        var address = new Address(carrier.Ip(seed), carrier);
        return new Connection((_, _) => address, 1e15);
    }

    /// <summary>A home line (renumbered now and then), with a phone beside it.</summary>
    public static Connection Person(Country country, Dice dice)
    {
        var home = dice.Pick(country.Home);
        var mobile = dice.Pick(country.Mobile);
        var phoneShare = dice.Chance(0.35) ? dice.Unit() * 0.9 : 0;
        var line = dice.Next();
        return new Connection(
            (d, now) => d.Chance(phoneShare)
                ? new Address(mobile.Ip((ulong)d.Below(900)), mobile)
                : new Address(home.Ip(line + (ulong)(now / (long)(72 * Hour))), home),
            2 * Hour);
    }

    /// <summary>Thousands of strangers behind a carrier's few gateways.</summary>
    public static Connection CarrierGate(Carrier carrier, int gates) =>
        new((d, _) => new Address(carrier.Ip((ulong)d.Below(gates)), carrier), 3 * Hour);

    /// <summary>Functions in a cloud: each call may leave through another gateway.</summary>
    public static Connection Serverless(Carrier carrier, ulong seed, int gates) =>
        new((d, _) => new Address(carrier.Ip(seed + (ulong)d.Below(gates)), carrier), 0);

    public static Connection Servers(Carrier carrier, ulong seed, int machines) =>
        new((d, _) => new Address(carrier.Ip(seed + (ulong)d.Below(machines)), carrier), 0.2 * Hour);

    public static Connection Either(Connection usual, Connection other, double otherShare) =>
        new((d, now) => d.Chance(otherShare) ? other.At(now, d) : usual.At(now, d), 1 * Hour);

    /// <summary>Rented household addresses: another home line of some country for each stay.</summary>
    public static Connection Residential(Country[] countries, double stayHours) =>
        new((d, _) =>
        {
            var country = d.Pick(countries);
            var carrier = d.Chance(0.25) ? d.Pick(country.Mobile) : d.Pick(country.Home);
            return new Address(carrier.Ip(carrier.Kind == CarrierKind.Mobile ? (ulong)d.Below(900) : d.Next()), carrier);
        }, stayHours * Hour);
}
