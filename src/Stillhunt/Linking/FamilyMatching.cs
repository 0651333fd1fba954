namespace Stillhunt.Linking;

/// <summary>Units of a family -> the exchanges of it, along the units' own exchanges and not over all.</summary>
internal sealed class FamilyMatching(Traffic traffic, UnitPostings postings)
{
    /// <summary>
    /// A unit that stands beside another of its family in this share of its exchanges marks the family even when it stands alone.
    /// </summary>
    private const double Specific = 0.6;

    /// <summary>
    /// What holds far fewer units than the family's own prompts do is somebody else's sentence: a prompt of the family holds this share
    /// of the units that the fullest tenth holds.
    /// </summary>
    private const double ShareOfFullest = 0.35;

    // Over all exchanges; all 0 between two uses.
    private readonly int[] _held = new int[traffic.Exchanges.Length];
    private readonly bool[] _marked = new bool[traffic.Exchanges.Length];
    private readonly NumberSet _touched = new(traffic.Exchanges.Length);
    private readonly List<int> _list = [];

    /// <summary>The exchanges that hold two of the units, or one that is specific, and not far fewer than most do; ascending.</summary>
    public List<int> Of(int[] units)
    {
        foreach (var unit in units)
        {
            foreach (var i in postings.ExchangesWith(unit))
            {
                _held[i]++;
                _touched.Add(i);
            }
        }

        foreach (var unit in units)
        {
            if (!IsSpecific(unit)) continue;
            foreach (var i in postings.ExchangesWith(unit)) _marked[i] = true;
        }

        _touched.Drain(_list);
        var found = _list.FindAll(i => _held[i] > 1 || _marked[i]);
        if (found.Count > 0)
        {
            var least = Math.Ceiling(ShareOfFullest * found.ConvertAll(i => _held[i]).Order().ElementAt(found.Count * 9 / 10));
            found.RemoveAll(i => _held[i] < least);
        }

        foreach (var i in _list)
        {
            _held[i] = 0;
            _marked[i] = false;
        }

        return found;
    }

    private bool IsSpecific(int unit)
    {
        int all = 0, beside = 0;
        foreach (var i in postings.ExchangesWith(unit))
        {
            if (traffic.HalfOf(i) != FamilyIndex.FormingHalf) continue;
            all++;
            if (_held[i] > 1) beside++;
        }

        return beside >= Specific * all;
    }
}
