using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;

namespace Stillhunt.Ledger;

/// <summary>How likely an exchange comes from where a campaign's do, and in words.</summary>
/// <param name="Probability">From prior and both bits.</param>
internal readonly record struct OriginMatch(int Campaign, double Probability, string Text);

/// <summary>
/// Networks and programs that are known campaigns' own: what an operator takes along when it changes its wording. Both must be met, each weighs
/// log2(how common it is in the campaign / how common among everybody else), and neither can outweigh the prior alone. For one thread.
/// </summary>
internal sealed class OriginIndex
{
    /// <summary>One account in a thousand, the prior of detection, and the most that one of the two counts (0004-evidence-in-bits; as for sign-ups).</summary>
    private const double PriorBits = -10, MostBits = 7;

    /// <summary>Accounts of a campaign that must share a value before it is the campaign's.</summary>
    private const int LeastHolders = 2;

    private static readonly string[] Places = ["ip", "network"], Programs = ["client", "tls"];

    private readonly Dictionary<(string Kind, string Value), List<(int Campaign, double Bits, string Text)>> _known = [];
    private readonly Dictionary<int, (double Bits, string Text)> _places = [], _programs = [];
    private readonly List<OriginMatch> _matched = [];

    /// <param name="accountCount">All accounts there are.</param>
    public OriginIndex(IReadOnlyList<TrackedCampaign> campaigns, long accountCount)
    {
        for (var i = 0; i < campaigns.Count; i++)
        {
            var size = campaigns[i].Latest.Accounts.Count;
            foreach (var value in campaigns[i].Latest.Indicators?.Values ?? [])
            {
                if (value.AccountCount < LeastHolders || !(Places.Contains(value.Kind) || Programs.Contains(value.Kind))) continue;
                var (inside, outside) = ((value.AccountCount + 0.5) / (size + 1), (value.ElsewhereCount + 0.5) / (Math.Max(1, accountCount - size) + 1));
                if (Math.Min(MostBits, Math.Log2(inside / outside)) is not (> 0 and var bits)) continue;
                if (!_known.TryGetValue((value.Kind, value.Value), out var list)) _known.Add((value.Kind, value.Value), list = []);
                list.Add((i, bits, string.Create(CultureInfo.InvariantCulture, $"{value.Kind} {value.Value} of {value.AccountCount} of its accounts and {value.ElsewhereCount} others")));
            }
        }
    }

    /// <summary>Campaigns that an exchange more likely than not comes from. The list is used again at the next call.</summary>
    public IReadOnlyList<OriginMatch> Match(Exchange exchange)
    {
        _matched.Clear();
        if (_known.Count == 0) return _matched;
        _places.Clear();
        LookAtAddress(exchange[ExchangeField.Ip]);
        if (_places.Count == 0) return _matched;
        _programs.Clear();
        foreach (var (kind, field) in (ReadOnlySpan<(string, ExchangeField)>)[("client", ExchangeField.Client), ("tls", ExchangeField.Tls)])
            if (exchange.Has(field)) Take(_programs, kind, Profiles.Snapshot.NameOf(exchange[field]));
        foreach (var (campaign, place) in _places)
        {
            if (!_programs.TryGetValue(campaign, out var program)) continue;
            var probability = 1 / (1 + Math.Pow(2, -(PriorBits + place.Bits + program.Bits)));
            if (probability >= Detector.Flagged) _matched.Add(new OriginMatch(campaign, probability, $"{place.Text}, {program.Text}"));
        }

        return _matched;
    }

    private void LookAtAddress(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0 || IpNumber.Read(text) is not { } ip) return;
        if (IpNames.Of(ip) is { } own) Take(_places, own.Kind, own.Value);
        if (IpNames.OfNetwork(IpNames.NetworkOf(ip)) is { } network) Take(_places, network.Kind, network.Value);
    }

    /// <summary>Of two values of one sort the one that says more counts: an address stands in its network.</summary>
    private void Take(Dictionary<int, (double Bits, string Text)> into, string kind, string value)
    {
        if (!_known.TryGetValue((kind, value), out var list)) return;
        foreach (var (campaign, bits, text) in list)
            if (!into.TryGetValue(campaign, out var other) || other.Bits < bits) into[campaign] = (bits, text);
    }
}
