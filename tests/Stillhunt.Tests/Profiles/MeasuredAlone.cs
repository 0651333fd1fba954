namespace Stillhunt.Tests.Profiles;

/// <summary>Tests that measure memory: what others allocate meanwhile would be counted.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
