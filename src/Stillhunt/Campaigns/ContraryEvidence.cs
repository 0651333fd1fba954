using System.Globalization;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>What a group shows that an operator who hides would not, or that makes other evidence weigh less.</summary>
internal sealed class ContraryEvidence(Traffic traffic)
{
    /// <summary>Share of all accounts with a record that are verified.</summary>
    private readonly double _verified = traffic.Subjects.Count(s => s.Record?.Verified == true) / (double)Math.Max(1, traffic.Subjects.Count(s => s.Record is not null));

    /// <summary>
    /// Bots, scripts and pipelines that strangers put together from one tutorial have wording and topics in common as workers of one list have. Where cards and addresses are known and none is shared, and
    /// nothing goes out twice within minutes, wording is one observation, however many of its sides agree; only large groups make up for it.
    /// </summary>
    /// <param name="isToldAnew">Whether the wording is so thin that members and strangers came to look alike (docs/decisions/0022): neither size nor even loads make up for that.</param>
    /// <param name="technique">Bits for techniques; where none are in favour, size makes up for nothing either: users of one popular tool are many, too.</param>
    public static EvidenceRow? WordingOnly(GroupFacts f, List<EvidenceRow> operatorRows, bool isToldAnew, double technique)
    {
        var means = operatorRows.Where(row => row.Block is "registration" or "network").Sum(row => row.Bits);
        var others = operatorRows.Where(row => row.Kind is "dealt-twice" or "reasoning-handle").Sum(row => row.Bits);
        var size = technique > 0 ? Curve(Math.Log2(f.Accounts), (5.6, MostWordingOnly), (6.2, 0)) : MostWordingOnly;
        var bits = isToldAnew ? MostWordingOnly : size * (1 - f.EvenShares);
        return means >= 0 || others >= LeastBesideWording || bits >= 0 ? null : Row("contrary", "wording-only", bits,
            $"The {f.Accounts} accounts share no means of payment or access, and hardly an item goes out under two of them within minutes: nothing but wording and habits speaks for one hand.", f.Accounts, []);
    }

    /// <summary>Measured on a fourth author's traffic, whose small bots came out as groups of 11 to 30 accounts; of operators so small most share means or deal twice.</summary>
    private const double MostWordingOnly = -2, LeastBesideWording = 0.5;

    public IEnumerable<EvidenceRow> Rows(GroupFacts f, List<int> members)
    {
        var again = f.PutAgain;
        if (again >= 0.05)
        {
            yield return Row("contrary", "re-run", Curve(again, (0.05, 0), (0.15, -2.5), (0.3, -4), (0.5, -5)), string.Create(CultureInfo.InvariantCulture,
                $"{again:P0} of the prompts were put word for word to more than one model, as evaluations do."), null, []);
        }

        // Of a fixed text nothing but its use tells whose it is. What is dealt out by one hand is no tool of many people.
        if (f.IsPeoples && !f.IsDealtTwice)
        {
            yield return Row("contrary", "people", f.FollowUpKnown * (f.IsPutTogether ? -2 : -4), string.Create(CultureInfo.InvariantCulture,
                $"{f.FollowUp:P0} of the conversations go on as much as other accounts' do ({f.FollowUpElsewhere:P0}): people use it as a tool."), f.Accounts, []);
        }

        if (f.OneOrganization >= 0.6)
        {
            yield return Row("contrary", "one-organisation", Curve(f.OneOrganization, (0.6, -2), (0.95, -5)), string.Create(CultureInfo.InvariantCulture,
                $"{f.OneOrganization:P0} of the accounts are declared by one organisation: an operator who says who it is."), members.Count, []);
        }

        var records = members.Select(m => traffic.Subjects[m].Record).OfType<AccountRecord>().ToList();
        if (records.Count == 0) yield break;
        var verified = records.Count(record => record.Verified == true) / (double)records.Count;
        if (verified > _verified)
        {
            yield return Row("contrary", "verified", -Math.Min(1.5, 2 * (verified - _verified)), string.Create(CultureInfo.InvariantCulture,
                $"{verified:P0} of the accounts are verified, {_verified:P0} of all; verification can be bought, so this weighs little."), records.Count, []);
        }

        var programme = records.Count(record => record.Program is "research" or "education") / (double)records.Count;
        var confirmed = records.Count(record => record.Program is "research" or "education" && record.Verified == true) / (double)records.Count;
        if (programme >= 0.5)
        {
            yield return Row("contrary", "programme", confirmed >= 0.5 ? -4 : -2, string.Create(CultureInfo.InvariantCulture,
                $"{programme:P0} of the accounts are members of a research or education programme, {confirmed:P0} verified ones."), records.Count, []);
        }
    }
}
