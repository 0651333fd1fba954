using System.Diagnostics;
using System.Text;
using Stillhunt.Tests.Cli;

namespace Stillhunt.Tests.Server;

/// <summary><c>stillhunt serve</c> as an operator starts it, on a port that it finds itself.</summary>
internal static class ServedProcess
{
    public static async Task<(Process Process, HttpClient Http)> Start(params string[] arguments)
    {
        var process = CliRun.Start(["serve", "--urls", "http://127.0.0.1:0", .. arguments]);
        var said = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            said.AppendLine(line);
            var at = line.IndexOf("Serving on ", StringComparison.Ordinal);
            if (at < 0) continue;
            // What it says from here on must be read, or it would wait for a reader.
            _ = process.StandardError.ReadToEndAsync();
            return (process, new HttpClient { BaseAddress = new Uri(line[(at + "Serving on ".Length)..].Trim()) });
        }

        throw new InvalidOperationException("The server did not start: " + said);
    }
}
