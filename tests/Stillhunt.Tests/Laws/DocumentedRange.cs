using Stillhunt.Proving;
using Stillhunt.Tests.Laws;

[assembly: AssemblyFixture(typeof(DocumentedRange))]

namespace Stillhunt.Tests.Laws;

/// <summary>The documented scenario at the demo's scale, for all tests of the assembly.</summary>
public sealed class DocumentedRange() : ScannedRange(new RangeOptions { Seed = 1 });
