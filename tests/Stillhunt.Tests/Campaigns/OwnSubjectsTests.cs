using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Campaigns;

public sealed class OwnSubjectsTests
{
    private static Dictionary<int, (double, double)> Workers(params (double, double)[] others) =>
        Enumerable.Range(0, 9).Select(_ => (0.05, 0.1)).Concat(others).Select((own, account) => (own, account)).ToDictionary(pair => pair.account, pair => pair.own);

    [Fact]
    public void An_account_with_subjects_of_its_own_strays_from_a_list() => Assert.Equal([9], OwnSubjects.Of(Workers((1.5, 0.2))));

    [Fact]
    public void An_account_whose_interests_are_hardly_known_stays()
    {
        Assert.Empty(OwnSubjects.Of(Workers((1.5, 0.7))));
        Assert.Empty(OwnSubjects.Of(Workers((double.NaN, double.NaN))));
    }

    [Fact]
    public void Where_most_have_subjects_of_their_own_there_is_no_list_to_stray_from() =>
        Assert.Empty(OwnSubjects.Of(Enumerable.Range(0, 9).ToDictionary(account => account, account => (0.3 * account, 0.05))));

    [Fact]
    public void A_handful_of_accounts_shows_no_list() =>
        Assert.Empty(OwnSubjects.Of(new Dictionary<int, (double, double)> { [0] = (0, 0.1), [1] = (0, 0.1), [2] = (0.1, 0.1), [3] = (2, 0.1) }));
}
