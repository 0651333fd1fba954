namespace Stillhunt.Proving.Duels;

/// <summary>What operators do when accounts of theirs are stopped or their answers come back poorer.</summary>
[Flags]
public enum Moves
{
    None = 0,

    /// <summary>A lost account is replaced by a new one, as long as the purse lasts.</summary>
    Replace = 1 << 0,

    /// <summary>New templates for everything.</summary>
    Templates = 1 << 1,

    /// <summary>Small cells of new accounts try templates and infrastructure apart; what is caught least becomes the way of all.</summary>
    Probe = 1 << 2,

    /// <summary>A third of the pace.</summary>
    Slow = 1 << 3,

    /// <summary>Half of the accounts go on with templates of their own, and new accounts of that half with infrastructure of their own.</summary>
    Split = 1 << 4,

    /// <summary>The whole pool is given up for a second one, signed up long before, on infrastructure of its own.</summary>
    Pool = 1 << 5,
}

/// <summary>Moves as a command line names them.</summary>
public static class MoveNames
{
    public static IReadOnlyList<Moves> Each { get; } = [.. Enum.GetValues<Moves>().Where(move => move != Moves.None)];

    public static Moves All { get; } = Each.Aggregate(Moves.None, (all, one) => all | one);

    /// <summary>With commas; <c>none</c> for none.</summary>
    public static string Of(Moves moves) => moves == Moves.None ? "none" : string.Join(',', Each.Where(move => moves.HasFlag(move)).Select(move => move.ToString().ToLowerInvariant()));

    /// <exception cref="RangeUsageException">A name is not known.</exception>
    public static Moves Read(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var moves = Moves.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (name == "none") continue;
            if (name == "all") moves |= All;
            else moves |= Each.FirstOrDefault(move => string.Equals(move.ToString(), name, StringComparison.OrdinalIgnoreCase)) is var move and not Moves.None ? move
                : throw new RangeUsageException($"There is no move '{name}'; there are {string.Join(", ", Each.Select(Of))}, all and none.");
        }

        return moves;
    }
}
