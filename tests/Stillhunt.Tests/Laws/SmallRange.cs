using Stillhunt.Proving;
using Stillhunt.Tests.Laws;

[assembly: AssemblyFixture(typeof(SmallRange))]

namespace Stillhunt.Tests.Laws;

/// <summary>One operator among a few honest accounts: enough for a campaign, small enough to be scanned often; for all tests of the assembly.</summary>
public sealed class SmallRange() : ScannedRange(new RangeOptions { Scenario = "language-lock", HonestAccounts = 300, Seed = 3 });
