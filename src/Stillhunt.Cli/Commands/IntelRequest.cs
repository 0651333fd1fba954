using Stillhunt.Sharing.Intel;

namespace Stillhunt.Cli.Commands;

/// <summary>Indicators of others and how a scan uses them.</summary>
internal sealed record IntelRequest(IntelStore Store, IntelOptions Options);
