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

    /// <summary>The same of the accounts that were there for two days or nearly, or for most of a shorter log: whoever came this morning has sent in the morning only.</summary>
    public required double LastingDaytime { get; init; }

    /// <summary>Share of the accounts that these are.</summary>
    public required double LastingShare { get; init; }

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

    /// <summary><inheritdoc cref="KeptWords"/> The one measure here that both halves of the exchanges have part in (docs/decisions/0017).</summary>
    public required KeptWords Kept { get; init; }

    public required double MedianOutput { get; init; }
    public required double MedianOutputElsewhere { get; init; }

    /// <summary>Share of exchanges whose user turn, by its words alone, was also put to another model, and not within minutes: a benchmark re-run. And by its numbers, too.</summary>
    public required double ReRun { get; init; }

    /// <inheritdoc cref="ReRun"/>
    public required double ReRunOfNumbers { get; init; }

    /// <summary>Share of exchanges that pass in a reasoning handle which also came in from another owner's account; and the accounts that do so.</summary>
    public required double Replayed { get; init; }
    public required int ReplayAccounts { get; init; }

    /// <summary>Distinct user turns that conversations begin with, by their words alone, over conversations.</summary>
    public required double DistinctTurns { get; init; }

    /// <summary>The same over questions (<see cref="Asking"/>), of which an account may ask one several times within minutes.</summary>
    public required double DistinctQuestions { get; init; }

    /// <summary>The same with turns told apart by their numbers, too.</summary>
    public required double DistinctNumbers { get; init; }

    /// <summary>Whether numbers tell questions apart: where conversations hardly go on. An exercise with other numbers is the same to a pupil who comes back about it, and another to whoever takes answers.</summary>
    public required bool CountNumbers { get; init; }

    /// <summary>Spread (standard deviation of the natural logarithm) of exchanges an account.</summary>
    public required double LoadSpread { get; init; }
    public required double LoadSpreadElsewhere { get; init; }

    /// <inheritdoc cref="Timing.Lockstep"/>
    public required double Lockstep { get; init; }

    /// <inheritdoc cref="Timing.Succession"/>
    public required (int Ends, int Followed, double Expected) Succession { get; init; }

    /// <summary>Largest share of accounts under one declared organisation; NaN where none declares.</summary>
    public required double OneOrganization { get; init; }

    /// <summary>Share of the accounts that declare an organisation, if those are many different ones: accounts that say they are different customers. 0 where few declare, or most of them one of three.</summary>
    public required double DeclaredApart { get; init; }

    /// <summary>
    /// How much more alike what two accounts of the group ask is than what two strangers ask, in the measure of <see cref="OwnInterests"/>: near 0
    /// a broad list, near 1 one narrow subject.
    /// </summary>
    public required double Narrowness { get; init; }

    /// <inheritdoc cref="WorkLists.DealingOf(Cluster)"/>
    public required Dealing Dealing { get; init; }

    /// <inheritdoc cref="Cluster.IsWorkList"/>
    public required bool IsWorkList { get; init; }

    /// <summary>Share of a group's accounts from which on dealing counts in full: each has few items that came back.</summary>
    public const double MostDeal = 0.5;

    /// <summary>Share of the accounts that must have been there for days for the hours of a group to tell that people are at work.</summary>
    private const double MostLast = 0.5;

    /// <summary>Hours from which on it does: a class, an examination or a team before a deadline puts the same questions within one or two.</summary>
    public const double ManyHours = 8;

    /// <summary>From this <see cref="Freedom"/> on prompts are put together, and are no fixed text.</summary>
    private const double Free = 0.4;

    private const double CommonPool = 0.75;

    /// <summary>Interests of their own, error included, and differences in volume, against customers', up to which accounts do even shares, in part and in full.</summary>
    private const double NotOwn = 0.22, SurelyNotOwn = 0.12, Uneven = 0.42, Even = 0.3;

    /// <summary>Whether the prompts recombine phrases at all, so that interchangeability means something.</summary>
    public bool IsPool => Pool.RepeatAccounts >= 3 && Pool.UnitsPerConversation >= 1.5 && Pool.Variety >= 0.03 && !double.IsNaN(Pool.Interchangeability);

    /// <summary>Whether the accounts draw on one pool: then templates of their own explain nothing.</summary>
    public bool HasCommonPool => IsPool && Pool.Interchangeability >= CommonPool;

    /// <summary>
    /// How far the prompts recombine phrases at all, 0 to 1: of a fixed text everybody uses all, and is interchangeable for no reason.
    /// </summary>
    public double Freedom => !IsPool ? 0 : Math.Clamp((Pool.Room - 0.2) / 0.4, 0, 1) * Math.Clamp((Pool.Variety - 0.1) / 0.4, 0, 1);

    /// <summary>Whether prompts are put together, and are no fixed text.</summary>
    public bool IsPutTogether => Freedom >= Free;

    /// <summary>
    /// Whether it is beyond doubt that one list is dealt out to many accounts. On the range and on a second author's traffic most operators came out at 10 to 390 times what chance gives, two operators
    /// between each other at 0.2 to 4; on the third author's, operators who never ask twice at 0.4 to 1.3 (docs/decisions/0008).
    /// </summary>
    public bool IsDealtTwice => Dealing.Lift >= 8 && Dealing.Accounts >= Math.Max(Weighing.ManyAccounts, MostDeal * Accounts) && Dealing.Hours >= ManyHours;

    /// <summary>
    /// How far the accounts do even shares of one list, 0 to 1: what each asks about is not its own, and their volumes differ much less than customers' do. On the range and in four authors' traffic users of one tool came out at
    /// 0.43 to 0.9 of what customers' volumes differ and at 0.05 to 0.9 of a customer's interests, operators in people's hours with nothing in common but wording at 0.1 to 0.5 and -0.05 to 0.07.
    /// </summary>
    public double EvenShares
    {
        get
        {
            if (InterestAccounts < Weighing.ManyAccounts || !(LoadSpreadElsewhere > 0)) return 0;
            var shares = Math.Clamp((NotOwn - OwnInterests - OwnInterestsError) / (NotOwn - SurelyNotOwn), 0, 1) * Math.Clamp((Uneven - (LoadSpread / LoadSpreadElsewhere)) / (Uneven - Even), 0, 1);
            return double.IsNaN(shares) ? 0 : shares;
        }
    }

    /// <summary>How much hours cluster, by the accounts that were there long enough to tell that people are at work; NaN where these are too few.</summary>
    public double TellingDaytime => LastingShare < MostLast ? double.NaN : LastingDaytime;

    /// <inheritdoc cref="ReRun"/>
    public double PutAgain => CountNumbers ? ReRunOfNumbers : ReRun;

    /// <summary>People come back with another turn, a harvest does not.</summary>
    public bool IsPeoples => FollowUp >= 0.8 * FollowUpElsewhere;
}
