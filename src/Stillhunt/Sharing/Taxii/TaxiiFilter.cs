using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>The query of a request, checked (TAXII 2.1, sections 3.4 and 3.5). What does not read is refused with 400.</summary>
internal sealed class TaxiiFilter
{
    private readonly HashSet<string>? _ids, _types, _specVersions;
    private readonly bool _first, _last, _all, _allSpecs;
    private readonly HashSet<DateTimeOffset> _versions = [];
    private readonly string _digest;

    /// <exception cref="TaxiiRefusal">400.</exception>
    public TaxiiFilter(IReadOnlyList<KeyValuePair<string, string>> query, int mostPerPage, bool allVersions = false, bool allSpecVersions = false)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in query)
        {
            if (name is not ("added_after" or "limit" or "next" or "match[id]" or "match[type]" or "match[version]" or "match[spec_version]")) continue;
            if (!known.TryAdd(name, value)) throw new TaxiiRefusal(400, $"{name} stands twice");
            if (value.Length == 0) throw new TaxiiRefusal(400, $"{name} is empty");
        }

        _digest = Digest(known);
        Limit = mostPerPage;
        if (known.TryGetValue("limit", out var limit))
        {
            // However many digits it has: more than is served on a page is as much as is served on a page.
            if (!BigInteger.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) throw new TaxiiRefusal(400, "limit is not a positive integer");
            Limit = (int)BigInteger.Min(number, mostPerPage);
        }

        if (known.TryGetValue("added_after", out var after))
        {
            if (!StixTime.TryRead(after, out var time)) throw new TaxiiRefusal(400, "added_after is not a timestamp");
            // Later by less than a microsecond is not later: what is kept has whole microseconds.
            AfterMicroseconds = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        }

        if (known.TryGetValue("next", out var next)) AfterMicroseconds = Math.Max(AfterMicroseconds, Place(next));
        _ids = Values(known, "match[id]");
        _types = Values(known, "match[type]");
        _specVersions = Values(known, "match[spec_version]");
        _allSpecs = _specVersions is null && allSpecVersions;
        var versions = Values(known, "match[version]");
        _last = versions is null && !allVersions;
        _all = versions is null && allVersions;
        foreach (var version in versions ?? [])
        {
            if (version == "all")
            {
                if (versions!.Count > 1) throw new TaxiiRefusal(400, "match[version]: all stands alone or not at all");
                _all = true;
            }
            else if (version == "first") _first = true;
            else if (version == "last") _last = true;
            else if (StixTime.TryRead(version, out var time)) _versions.Add(time);
            else throw new TaxiiRefusal(400, "match[version] holds what is neither first, last, all nor a timestamp");
        }
    }

    public long AfterMicroseconds { get; } = -1;

    public int Limit { get; }

    public bool Wants(ObjectVersion item)
    {
        if (_ids is not null && !_ids.Contains(item.Id)) return false;
        if (_types is not null && !_types.Contains(item.Type)) return false;
        if (_specVersions is not null ? !_specVersions.Contains(item.SpecVersion) : !_allSpecs && !item.IsNewestSpec) return false;
        return _all || _versions.Contains(item.Version) || (_last && item.IsLast) || (_first && item.IsFirst);
    }

    /// <summary>
    /// Where the next page begins. It holds a place and which query it is for, and no right: filter and rights are taken from the request that brings it.
    /// </summary>
    public string Next(StoredObject last) => string.Create(CultureInfo.InvariantCulture, $"{last.At.AddedMicroseconds:x}-{_digest}");

    private long Place(string next)
    {
        var parts = next.Split('-');
        return parts.Length == 2 && parts[1] == _digest && long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var place) && place >= 0
            ? place : throw new TaxiiRefusal(400, "next is not of this query");
    }

    private static string Digest(Dictionary<string, string> query)
    {
        var text = string.Join('\n', query.Where(pair => pair.Key is not ("next" or "limit")).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
    }

    private static HashSet<string>? Values(Dictionary<string, string> query, string name) => query.TryGetValue(name, out var text) ? [.. text.Split(',')] : null;
}
