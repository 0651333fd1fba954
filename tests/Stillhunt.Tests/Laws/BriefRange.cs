using Stillhunt.Proving;

namespace Stillhunt.Tests.Laws;

/// <summary>The eight documented cases in two days, among fewer honest accounts: half the traffic, for what is detected several times over.</summary>
public sealed class BriefRange() : ScannedRange(new RangeOptions { Seed = 1, Days = 2, HonestAccounts = 2000 });
