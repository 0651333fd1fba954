using System.IO.Compression;
using System.Text.Json;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqlitePrompts(SqliteFile file) : IPromptStore
{
    public IReadOnlyList<KeptPrompt> Of(AccountId account, int most) => file.Read(at => at.All(
        "SELECT time_ms, taken_ms, exchange_id, body FROM prompts WHERE source = $0 AND account = $1 ORDER BY seq DESC LIMIT $2",
        row => new KeptPrompt(account, row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), Unpack((byte[])row.GetValue(3))), account.Source, account.Id, most));

    public int ForgetBefore(long takenMs) => file.Write(at => at.Run("DELETE FROM prompts WHERE taken_ms < $0", takenMs));

    public int Delete(AccountId account) => file.Write(at => at.Run("DELETE FROM prompts WHERE source = $0 AND account = $1", account.Source, account.Id));

    /// <summary>As a part of the transaction that keeps the exchange.</summary>
    public static void Add(SqliteWork at, KeptPrompt prompt) => at.Run(
        "INSERT INTO prompts(source, account, time_ms, taken_ms, exchange_id, body) VALUES($0, $1, $2, $3, $4, $5)",
        prompt.Account.Source, prompt.Account.Id, prompt.TimeMs, prompt.TakenMs, prompt.ExchangeId, Pack(prompt.Parts));

    private static byte[] Pack(IReadOnlyList<PromptPart> parts)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) JsonSerializer.Serialize(brotli, parts, PromptJson.Default.IReadOnlyListPromptPart);
        return packed.ToArray();
    }

    private static IReadOnlyList<PromptPart> Unpack(byte[] body)
    {
        using var brotli = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
        try
        {
            return JsonSerializer.Deserialize(brotli, PromptJson.Default.IReadOnlyListPromptPart) ?? throw new InvalidDataException("A prompt is null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException("A prompt can't be read.", fault);
        }
    }
}
