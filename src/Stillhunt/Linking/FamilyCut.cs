namespace Stillhunt.Linking;

/// <summary>All units divided into families, more or less finely.</summary>
internal sealed class FamilyCut
{
    private readonly UnitPostings _postings;

    /// <summary>For each unit its family.</summary>
    private readonly int[] _familyOf;

    /// <param name="familyOf">For each unit the number of its family, as communities are numbered.</param>
    public FamilyCut(UnitPostings postings, int[] familyOf, Tools<FamilyMatching> matchings, Shares shares)
    {
        _postings = postings;
        _familyOf = familyOf;
        Families = [.. _familyOf.Select((family, unit) => (family, unit)).GroupBy(pair => pair.family, pair => pair.unit)
            .OrderBy(units => units.Key).Select(units => new Family { Number = units.Key, Units = [.. units] })];
        Family[] recombining = [.. Families.Where(family => family.Recombines)];
        var matches = shares.Of(recombining, matchings, (matching, family) => matching.Of(family.Units));
        for (var f = 0; f < recombining.Length; f++) recombining[f].Exchanges = matches[f];
    }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<Family> Families { get; }

    /// <summary>The families that an exchange is of, in the order of their numbers.</summary>
    public IEnumerable<Family> Of(int exchange)
    {
        var held = new SortedSet<int>();
        foreach (var unit in _postings.UnitsOf(exchange)) held.Add(_familyOf[unit]);
        return held.Select(family => Families[family]).Where(family => !family.Recombines || family.Exchanges.BinarySearch(exchange) >= 0);
    }
}
