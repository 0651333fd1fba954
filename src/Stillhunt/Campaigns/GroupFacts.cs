using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What is measured of a group on the half of its exchanges that had no part in grouping: families, clusters, weights of phrases and the
/// accounts looked at here all come from the other half (docs/decisions/0003). Shares are 0 to 1; NaN is unknown.
/// </summary>
internal sealed record GroupFacts
{
    /// <summary>Accounts with an exchange in the test.</summary>
    public required int Accounts { get; init; }

    /// <summary>Sampled exchanges in the test.</summary>
    public required int Exchanges { get; init; }

    /// <summary>How the accounts draw on the phrases that mark the group.</summary>
    public required PoolTest Pool { get; init; }

    /// <summary>Share of exchanges that show each learned technique, and any; among the group and among everybody else.</summary>
    public required double[] Techniques { get; init; }

    public required double AnyTechnique { get; init; }
    public required double AnyTechniqueElsewhere { get; init; }

    /// <summary>Share of conversations that go on; of the group and of an average account.</summary>
    public required double FollowUp { get; init; }
    public required double FollowUpElsewhere { get; init; }

    /// <summary>Share of the group's conversations of which it is known whether they went on.</summary>
    public required double FollowUpKnown { get; init; }

    public required double Daytime { get; init; }
    public required double DaytimeElsewhere { get; init; }

    /// <summary>
    /// How much more alike an account's own conversations are than those of two accounts, against the same in the whole
    /// population: near 1 people with interests of their own, near 0 one list dealt to many.
    /// </summary>
    public required double OwnInterests { get; init; }

    /// <summary>Standard error of <see cref="OwnInterests"/>, from how far the accounts differ.</summary>
    public required double OwnInterestsError { get; init; }

    /// <summary>
    /// <see cref="OwnInterests"/> and its error without the template that each account has for itself (<see cref="OwnTemplates"/>): near 0 too where accounts have a template each and
    /// nothing else that is their own.
    /// </summary>
    public required double OwnItems { get; init; }

    public required double OwnItemsError { get; init; }

    /// <summary>Accounts with enough conversations for <see cref="OwnInterests"/>.</summary>
    public required int InterestAccounts { get; init; }

    public required double MedianOutput { get; init; }
    public required double MedianOutputElsewhere { get; init; }

    /// <summary>Share of exchanges whose very user turn was also put to another model: a benchmark re-run.</summary>
    public required double ReRun { get; init; }

    /// <summary>Share of exchanges that pass in a reasoning handle which also came in from another owner's account; and the accounts that do so.</summary>
    public required double Replayed { get; init; }
    public required int ReplayAccounts { get; init; }

    /// <summary>Distinct user turns that conversations begin with, over conversations.</summary>
    public required double DistinctTurns { get; init; }

    /// <summary>Spread (standard deviation of the natural logarithm) of exchanges an account.</summary>
    public required double LoadSpread { get; init; }
    public required double LoadSpreadElsewhere { get; init; }

    /// <inheritdoc cref="Timing.Lockstep"/>
    public required double Lockstep { get; init; }

    /// <inheritdoc cref="Timing.Succession"/>
    public required (int Ends, int Followed, double Expected) Succession { get; init; }

    /// <summary>Largest share of accounts under one declared organisation; NaN where none declares.</summary>
    public required double OneOrganization { get; init; }

    /// <summary>
    /// How much more alike what two accounts of the group ask is than what two strangers ask, in the measure of <see cref="OwnInterests"/>: near 0
    /// a broad list, near 1 one narrow subject.
    /// </summary>
    public required double Narrowness { get; init; }

    /// <inheritdoc cref="WorkLists.DealingOf(Cluster)"/>
    public required Dealing Dealing { get; init; }

    /// <inheritdoc cref="Cluster.IsWorkList"/>
    public required bool IsWorkList { get; init; }
}
