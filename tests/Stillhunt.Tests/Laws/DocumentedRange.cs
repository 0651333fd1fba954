using Stillhunt.Proving;

namespace Stillhunt.Tests.Laws;

/// <summary>The documented scenario at the demo's scale.</summary>
public sealed class DocumentedRange() : ScannedRange(new RangeOptions { Seed = 1 });
