using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Accounts that have anything to do with each other count as one owner: one organisation, one payment method, one telephone, one campaign.
/// What several unlinked owners write is no one customer's.
/// </summary>
internal sealed class UnlinkedOwners
{
    private readonly int[] _parent;

    public UnlinkedOwners(Traffic traffic, IEnumerable<IReadOnlyList<int>> groups)
    {
        _parent = [.. Enumerable.Range(0, traffic.Subjects.Count)];
        var ofOwner = new Dictionary<int, int>();
        Dictionary<string, int> ofPayment = new(StringComparer.Ordinal), ofPhone = new(StringComparer.Ordinal);
        for (var s = 0; s < _parent.Length; s++)
        {
            var subject = traffic.Subjects[s];
            Join(ofOwner, subject.Owner, s);
            if (!string.IsNullOrEmpty(subject.Record?.Payment)) Join(ofPayment, subject.Record.Payment, s);
            if (!string.IsNullOrEmpty(subject.Record?.Phone)) Join(ofPhone, subject.Record.Phone, s);
        }

        foreach (var group in groups)
            for (var i = 1; i < group.Count; i++) Unite(group[0], group[i]);
        for (var s = 0; s < _parent.Length; s++) _parent[s] = Root(s);

        void Join<TKey>(Dictionary<TKey, int> first, TKey value, int subject)
            where TKey : notnull
        {
            if (!first.TryAdd(value, subject)) Unite(first[value], subject);
        }
    }

    public int Of(int subject) => _parent[subject];

    private int Root(int subject)
    {
        while (_parent[subject] != subject) subject = _parent[subject] = _parent[_parent[subject]];
        return subject;
    }

    private void Unite(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        _parent[Math.Max(a, b)] = Math.Min(a, b);
    }
}
