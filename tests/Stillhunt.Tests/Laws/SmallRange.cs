using Stillhunt.Proving;

namespace Stillhunt.Tests.Laws;

/// <summary>One operator among a few honest accounts: enough for a campaign, small enough to be scanned often.</summary>
public sealed class SmallRange() : ScannedRange(new RangeOptions { Scenario = "language-lock", HonestAccounts = 300, Seed = 3 });
