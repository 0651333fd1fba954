using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>What honest groups show openly and operators avoid: who pays, whose they are, where they sit, when they work. Of what a group shows the clearest counts, once.</summary>
internal sealed class Openness(SharedValues values)
{
    /// <summary>
    /// One mail domain or two with nearly all of a small group: a company that says who it is. Four kinds of honest companies of the range
    /// had it, and none of fourteen campaigns of operators with fewer than <see cref="MostEmployees"/> accounts, on the range and in other authors' traffic; taken for one in
    /// thirty against one in two, log2(1 / 15). The honest side is the range's own and confirms only itself.
    /// </summary>
    private const double OneMailDomain = -4;

    private const int MostEmployees = 20;

    /// <summary>
    /// One address or two with nearly all of a group whose conversations go on as people's do: a class, a hackathon, an office. Operators who had all accounts behind one
    /// address had no such conversations, on the range.
    /// </summary>
    private const double OnePlace = -3;

    /// <summary>
    /// One payer, or one of three (firms of one trade are often found as one group), with most of a group that keeps working hours: a firm with undeclared keys. Where payers are not known, one domain or address. In another author's
    /// traffic labelling companies and agencies kept 0.77 to 1.1 of other customers' hours and had 10 to 18 keys; operators who share means openly came out at 0 to 0.66. Whoever
    /// can be called by name and keeps office hours is a customer to be asked, and no hidden operator.
    /// </summary>
    private const double OneHouse = -9;

    /// <summary>
    /// Hours that cluster much more than those of other people: one shift of people at work, on accounts of their own. In a sixth author's traffic the halls whose annotators register by themselves came out at 1.44 to 1.71; operators in the range, with
    /// people's hours or without, and in three authors' traffic at 0 to 1.16 where they were found; one in office hours, whom nothing found before either, at 1.55 to 2.04. Only of accounts that were there for two days, and only if they are half of the group, as for one house: in a duel an operator who had begun in the morning was cleared as people at work.
    /// Programs can be made to keep one shift, and then send a third of what they could.
    /// </summary>
    private const double WorkingDay = -9, LongDay = 1.2, ShortDay = 1.4;

    private const double SomeHours = 0.6, WorkingHours = 0.8, SomeHeld = 0.45, MostHeldOfHouse = 0.7;

    /// <summary>From so many accounts on a firm would have declared them; half of the way, on a scale of doublings, it counts half.</summary>
    private const double MostKeys = 160;

    /// <summary>
    /// The same payer and the same mail domain, phone number or address (or two of these where payers are not known): one customer, or two found as one group, who did not declare their accounts, whatever hours their programs keep.
    /// In a sixth author's development sets 12 of 26 findings that were honest firms were so, and none of the operators with twelve accounts or more there, in the range's documented and awkward cases and in two other authors' traffic: the
    /// commonest value of one kind covers 0.05 to 0.67 of their accounts, and that of a second kind 0.35 at most. An operator who does so is one account to the provider, who can ask it and close it as a whole: suspected, and not hunted.
    /// A seventh author's operators had one domain and one address with all accounts and ten to fifty cards, so domain and address alone make no customer (docs/decisions/0015); two of them had two or three cards, the commonest with 0.6 of the accounts, and declared another organisation for each
    /// account: who says that he is many customers is one only if one payer covers nearly all.
    /// </summary>
    private const double OneCustomer = -9, SomeOfAll = 0.55, MostOfAll = 0.7, MuchOfAll = 0.65, AlmostAll = 0.8;

    private static readonly ValueKind[] Identities = [ValueKind.Payment, ValueKind.EmailDomain, ValueKind.Phone, ValueKind.Ip];

    /// <summary>Share that is nearly all, and values that count as one.</summary>
    private const double NearlyAll = 0.8;

    private const int OneOrTwo = 2, UpToThree = 3;

    /// <summary>A kind must be known of so many, and of this share of the group.</summary>
    private const int LeastKnown = 4;

    private const double LeastKnownShare = 0.4;

    /// <summary>Share of a group of whom a payer is known from which on payers tell whose accounts they are.</summary>
    private const double MostPay = 0.6;

    /// <summary>Share of the accounts that declare organisations, each another, from which on they are no one customer.</summary>
    private const double MostApart = 0.3;

    /// <summary>Accounts up to which that tells nothing, and from which on it does: two or three firms whose keys each count as an organisation are found as groups of twenty.</summary>
    private const double FewApart = 20, ManyApart = 30;

    /// <summary>
    /// A few accounts that have wording in common, no means, and the hours of people: users of one tool. On the range wrappers whose users bring their own keys came out at 0.8 to 1.1 of other customers'
    /// hours, another author's careful operators at 0.65 to 0.78. Agents in people's hours look so, too; with six bits they were lost, with two another author's mixed group stood (docs/decisions/0023).
    /// </summary>
    private const double UsersOfOneTool = -4, PeoplesHours = 0.7, SurelyPeoples = 0.8;

    private const int FewUsers = 40;

    /// <param name="hasMeans">Whether means of payment or of access that the accounts have in common speak for one hand.</param>
    public IEnumerable<EvidenceRow> Rows(GroupFacts facts, List<int> members, bool hasMeans) =>
        new[] { Domain(members), Place(facts, members), House(facts, members), Customer(facts, members), Day(facts, members), hasMeans ? null : Users(facts, members) }.OfType<EvidenceRow>().OrderBy(row => row.Bits).Take(1);

    private EvidenceRow? Domain(List<int> members) =>
        members.Count >= MostEmployees || Most(ValueKind.EmailDomain, members, OneOrTwo) is not { Share: >= NearlyAll } domain ? null
            : EvidenceRows.Row("contrary", "one-mail-domain", OneMailDomain, string.Create(CultureInfo.InvariantCulture,
                $"{domain.Count} of {domain.Known} accounts have one uncommon mail domain, or one of two, as the employees of a company do."), domain.Count, []);

    /// <summary>How far accounts with means in common can be taken for one customer's, 0 to 1: not if they say that they are many different ones, and are many.</summary>
    private static double Claim(GroupFacts facts, List<int> members) => 1 - (Math.Min(1, facts.DeclaredApart / MostApart) * Ramp(members.Count, FewApart, ManyApart));

    private bool HavePayers(List<int> members) => members.Count(member => values.Of(member, ValueKind.Payment).Length > 0) >= Math.Max(LeastKnown, MostPay * members.Count);

    private EvidenceRow? Place(GroupFacts facts, List<int> members) =>
        !facts.IsPeoples || Most(ValueKind.Ip, members, OneOrTwo) is not { Share: >= NearlyAll } place ? null
            : EvidenceRows.Row("contrary", "one-place", OnePlace, string.Create(CultureInfo.InvariantCulture,
                $"{place.Count} of {place.Known} accounts come from one address, or one of two, and their conversations go on as people's do: a class, an event or an office."), place.Count, []);

    private EvidenceRow? House(GroupFacts facts, List<int> members)
    {
        var hours = Ramp(Hours(facts), SomeHours, WorkingHours);
        if (double.IsNaN(hours) || hours == 0) return null;
        // Who pays is the customer; a domain or an address says whose accounts they are where nobody pays.
        var (kinds, nouns) = HavePayers(members) ? (new[] { ValueKind.Payment }, "payers") : ([ValueKind.EmailDomain, ValueKind.Ip], "uncommon mail domains or addresses");
        var open = kinds.Select(kind => Most(kind, members, UpToThree)).OfType<Held>().OrderByDescending(held => held.Share).FirstOrDefault();
        if (open is null) return null;
        var bits = OneHouse * Claim(facts, members) * hours * Ramp(open.Share, SomeHeld, MostHeldOfHouse) * Math.Clamp(Math.Log2(MostKeys / members.Count), 0, 1);
        return bits == 0 ? null : EvidenceRows.Row("contrary", "one-house", bits, string.Create(CultureInfo.InvariantCulture,
            $"{open.Count} of {open.Known} accounts have one of at most three {nouns}, and keep working hours, as firms do."), open.Count, []);
    }

    private EvidenceRow? Customer(GroupFacts facts, List<int> members)
    {
        var widest = Identities.Select(kind => (Kind: kind, Values: Widest(kind, members))).ToList();
        var same = widest.Take(HavePayers(members) ? 1 : widest.Count).SelectMany((a, k) => widest.Skip(k + 1).Select(b => (A: a.Kind, B: b.Kind, Pairs: Both(a.Values, b.Values)))).OrderByDescending(pair => Weight(pair.Pairs)).First();
        if (Weight(same.Pairs) == 0) return null;
        return EvidenceRows.Row("contrary", "one-customer", OneCustomer * Weight(same.Pairs), string.Create(CultureInfo.InvariantCulture,
            $"{same.Pairs.OneOrTwo} of {same.Pairs.Known} accounts have the same {Noun(same.A)} and the same {Noun(same.B)}, or one of two such pairs: customers who can be asked, and no hidden operator."), same.Pairs.OneOrTwo, []);

        // Accounts that say they are many customers are one nevertheless if one payer (or, where payers are not known, one of the other pairs) stands behind nearly all.
        double Weight((int One, int OneOrTwo, int Known) pairs) => pairs.Known == 0 ? 0
            : Math.Max(Claim(facts, members) * Ramp((double)pairs.OneOrTwo / pairs.Known, SomeOfAll, MostOfAll), Ramp((double)pairs.One / pairs.Known, MuchOfAll, AlmostAll));

        // Members with the commonest pair, with one of the two commonest, and of whom both are known; none where these are few.
        (int One, int OneOrTwo, int Known) Both(ulong?[] a, ulong?[] b)
        {
            var pairs = a.Zip(b).Where(pair => pair.First is not null && pair.Second is not null).ToList();
            if (pairs.Count < Math.Max(LeastKnown, LeastKnownShare * members.Count)) return default;
            var common = pairs.Where(pair => pair is { First: not 0, Second: not 0 }).CountBy(pair => pair).Select(pair => pair.Value).Where(count => count >= LeastKnown).OrderDescending().Take(OneOrTwo).ToList();
            return (common.FirstOrDefault(), common.Sum(), pairs.Count);
        }
    }

    private static double Ramp(double share, double none, double full) => Math.Clamp((share - none) / (full - none), 0, 1);

    /// <summary>For each member the value that most of the group hold: 0 where it shares none that is rare among everybody else, null where the kind is unknown.</summary>
    private ulong?[] Widest(ValueKind kind, List<int> members)
    {
        var shared = GroupLikelihood.Of(values, kind, members).Values.ToDictionary(value => value.Value, value => value.Count);
        return [.. members.Select(member => values.Of(member, kind) is { Length: > 0 } held ? (ulong?)Commonest(held) : null)];

        ulong Commonest(ReadOnlySpan<ulong> held)
        {
            ulong most = 0;
            foreach (var value in held)
                if (shared.TryGetValue(value, out var count) && count > shared.GetValueOrDefault(most)) most = value;
            return most;
        }
    }

    private static string Noun(ValueKind kind) => kind switch { ValueKind.Payment => "payer", ValueKind.EmailDomain => "uncommon mail domain", ValueKind.Phone => "phone number", _ => "address" };

    private static EvidenceRow? Day(GroupFacts facts, List<int> members)
    {
        var ratio = Hours(facts);
        if (double.IsNaN(ratio) || ratio <= LongDay) return null;
        var bits = WorkingDay * Ramp(ratio, LongDay, ShortDay) * Math.Clamp(Math.Log2(MostKeys / members.Count), 0, 1);
        return bits == 0 ? null : EvidenceRows.Row("contrary", "working-day", bits, string.Create(CultureInfo.InvariantCulture,
            $"Hours cluster {ratio:0.00} times as much as other accounts': {members.Count} accounts work one shift, as people at work do and programs need not."), members.Count, []);
    }

    /// <summary>How much hours cluster, against other accounts'; NaN where most of the accounts were not there long enough to tell.</summary>
    private static double Hours(GroupFacts facts) => facts.TellingDaytime / facts.DaytimeElsewhere;

    private static EvidenceRow? Users(GroupFacts facts, List<int> members)
    {
        var ratio = facts.Daytime / facts.DaytimeElsewhere;
        var users = Ramp(ratio, PeoplesHours, SurelyPeoples) * (1 - facts.EvenShares);
        return double.IsNaN(users) || users == 0 || members.Count >= FewUsers ? null : EvidenceRows.Row("contrary", "users-of-one-tool", UsersOfOneTool * users, string.Create(CultureInfo.InvariantCulture,
            $"{members.Count} accounts share wording and no means, and their hours cluster {ratio:0.00} times as much as other accounts': users of one tool."), members.Count, []);
    }

    /// <summary>Members that hold one of the few most common values of a kind that few others hold; null where it is known of too few, or none is shared.</summary>
    private Held? Most(ValueKind kind, List<int> members, int count)
    {
        var shared = GroupLikelihood.Of(values, kind, members);
        if (shared.Sharing == 0 || shared.Known < Math.Max(LeastKnown, LeastKnownShare * members.Count)) return null;
        var most = shared.Values.Take(count).Select(value => value.Value).ToHashSet();
        return new Held(members.Count(member => HoldsAny(values.Of(member, kind), most)), members.Count(member => values.Of(member, kind).Length > 0));
    }

    private static bool HoldsAny(ReadOnlySpan<ulong> held, HashSet<ulong> values)
    {
        foreach (var value in held)
            if (values.Contains(value)) return true;
        return false;
    }

    /// <param name="Known">Members of which the kind is known.</param>
    private sealed record Held(int Count, int Known)
    {
        public double Share => (double)Count / Known;
    }
}
