using System.Text.Json;
using Stillhunt.Campaigns;

namespace Stillhunt.Cli.Commands;

/// <summary>A campaigns.json that a command reads.</summary>
internal static class ResultFile
{
    /// <exception cref="FileNotFoundException">With the command that writes one.</exception>
    /// <exception cref="JsonException">The file is no result; the message names it.</exception>
    public static ScanResult Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; write one with: stillhunt scan LOG... --json campaigns.json", path);
        try
        {
            using var from = File.OpenRead(path);
            return ScanResultJson.Read(from);
        }
        catch (JsonException fault)
        {
            throw new JsonException($"{path} is no result of a scan: {fault.Message}", fault);
        }
    }
}
