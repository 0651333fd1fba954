using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Intake;

/// <summary>Collects the prompts of a batch in full; there is one only where the operator asked for it.</summary>
internal sealed class PromptKeeping(long takenMs)
{
    /// <summary>Bytes of one part that are kept; what is longer is cut at its end.</summary>
    private const int MostText = 64 * 1024;

    private readonly List<KeptPrompt> _prompts = [];

    public IReadOnlyCollection<KeptPrompt> Prompts => _prompts;

    public void Look(Exchange exchange, string source)
    {
        if (!exchange.HasPrompt) return;
        var parts = new List<PromptPart>();
        for (var part = 0; part < exchange.PartCount; part++)
        {
            var text = exchange.TextOf(part);
            parts.Add(new PromptPart(Role(exchange.RoleOf(part)), Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostText)])));
        }

        _prompts.Add(new KeptPrompt(
            new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account])), exchange.TimeMs, takenMs,
            exchange.Has(ExchangeField.Id) ? Encoding.UTF8.GetString(exchange[ExchangeField.Id]) : null, parts));
    }

    private static string Role(PartRole role) => role.ToString().ToLowerInvariant();
}
