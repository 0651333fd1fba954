namespace Stillhunt.Tests.Profiles;

/// <summary>Tests that measure memory: what others allocate meanwhile would be counted.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
