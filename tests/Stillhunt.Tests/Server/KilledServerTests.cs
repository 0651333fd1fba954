using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Stillhunt.Tests.Cli;

namespace Stillhunt.Tests.Server;

/// <summary>A real process, killed without warning while it takes traffic in. eng/kill-under-load.sh does it fifty times.</summary>
public sealed class KilledServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-killed-").FullName;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_counts_twice_when_the_process_is_killed()
    {
        File.WriteAllText(Path.Combine(_folder, "key"), "0123456789abcdef\n");
        var acknowledged = new HashSet<string>();
        var next = 0;
        for (var kill = 0; kill < 2; kill++)
        {
            var (process, http) = await Start();
            using (process)
            using (http)
            {
                var senders = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
                {
                    while (true)
                    {
                        var batch = Interlocked.Increment(ref next);
                        try
                        {
                            using var answer = await http.PostAsync(new Uri("/v1/exchanges", UriKind.Relative), new StringContent(ServeTests.Lines($"b{batch}-", 20)));
                            if (!answer.IsSuccessStatusCode) continue;
                            lock (acknowledged) acknowledged.Add(batch.ToString(CultureInfo.InvariantCulture));
                        }
                        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException)
                        {
                            return;
                        }
                    }
                })).ToArray();
                var target = acknowledged.Count + 15;
                await RunningServer.Until(() =>
                {
                    lock (acknowledged) return Task.FromResult(acknowledged.Count >= target);
                });
                process.Kill();
                await process.WaitForExitAsync();
                await Task.WhenAll(senders);
            }
        }

        Assert.True(acknowledged.Count >= 30);
        var (last, client) = await Start();
        using (last)
        using (client)
        {
            // Everything is sent again: what was acknowledged is known to the last exchange, and what was not may be either.
            for (var batch = 1; batch <= next; batch++)
            {
                using var answer = await client.PostAsync(new Uri("/v1/exchanges", UriKind.Relative), new StringContent(ServeTests.Lines($"b{batch}-", 20)));
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                if (acknowledged.Contains(batch.ToString(CultureInfo.InvariantCulture))) Assert.Equal(20, json.RootElement.GetProperty("duplicate_count").GetInt32());
            }

            using var status = JsonDocument.Parse(await client.GetStringAsync(new Uri("/v1/status", UriKind.Relative)));
            Assert.Equal(20L * next, status.RootElement.GetProperty("exchange_count").GetInt64());
            last.Kill();
            await last.WaitForExitAsync();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(Process Process, HttpClient Http)> Start() => ServedProcess.Start("--store", Path.Combine(_folder, "s.db"), "--key-file", Path.Combine(_folder, "key"), "--interval", "1");
}
