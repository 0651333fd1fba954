namespace Stillhunt.Response;

/// <summary>Something wrong in a policy or configuration file.</summary>
/// <param name="Line">From 1; 0 where no line is at fault.</param>
/// <param name="Field">Dotted path, or null.</param>
/// <param name="Text">What is wrong and what to write.</param>
public sealed record YamlFault(long Line, string? Field, string Text);
