using Stillhunt.Proving.Duels;

namespace Stillhunt.Cli.Duels;

/// <summary>A duel as it was played: under which policy, how often detection ran, what the ledger told.</summary>
/// <param name="Campaigns">Campaigns that the ledger held as flagged at the end.</param>
/// <param name="Took">Time that it took on this machine.</param>
internal sealed record PlayedDuel(string Policy, DuelResult Result, int DetectionCount, int Campaigns, IReadOnlyDictionary<string, int> Events, TimeSpan Took);
