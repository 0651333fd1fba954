using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

/// <summary>The provider's models: three sizes, and a new large one that appears inside the window.</summary>
internal sealed class Models(long launchMs)
{
    public const string Large = "kestrel-3-large";
    public const string Medium = "kestrel-3-medium";
    public const string Small = "kestrel-3-mini";
    public const string New = "kestrel-4-large";

    public long LaunchMs { get; } = launchMs;

    /// <summary>How an ordinary account chooses: mostly one size; some try the new model within hours, some within days, many not at all.</summary>
    public ModelHabit Ordinary(Dice dice, double large = 0.4)
    {
        var u = dice.Unit();
        var main = u < large ? Large : u < large + (1 - large) * 0.6 ? Medium : Small;
        if (dice.Chance(0.55)) return new ModelHabit(main, dice.Chance(0.3) ? Small : main, 0.1, long.MaxValue, 0);
        var delay = (long)(dice.LogNormal(20, 1.5) * 3_600_000);
        return new ModelHabit(main, dice.Chance(0.3) ? Small : main, 0.1, LaunchMs + delay, dice.Pick<double>([0.15, 0.3, 0.5, 0.8, 1]));
    }

    public static ModelHabit Mostly(string model, string side, double sideShare) => new(model, side, sideShare, long.MaxValue, 0);

    public ModelHabit Pivoting(string from, long atMs, double share) => new(from, from, 0, Math.Max(atMs, LaunchMs), share);
}

/// <summary>One account's choice of model over time.</summary>
internal sealed record ModelHabit(string Main, string Side, double SideShare, long AdoptsMs, double NewShare)
{
    public static readonly ModelHabit None = new("", "", 0, long.MaxValue, 0);

    public string Choose(Dice dice, long now)
    {
        if (now >= AdoptsMs && dice.Chance(NewShare)) return Models.New;
        return dice.Chance(SideShare) ? Side : Main;
    }
}
