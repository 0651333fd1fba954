using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Tests.Architecture;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Enforcement;

/// <summary>Portkey's gateway of the version in integrations/portkey, as <c>./test.sh --all</c> installs it. It is configured by request, so one serves all tests.</summary>
public sealed class PortkeyProcess : IAsyncLifetime
{
    private Process? _process;
    private HttpClient? _http;

    public async ValueTask InitializeAsync()
    {
        var port = NginxProcess.FreePort();
        var program = Path.Combine(Repository.Root, "artifacts", "portkey", "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
        if (!File.Exists(program)) throw new InvalidOperationException("Portkey's gateway is not installed; ./test.sh --all does it.");
        _process = Process.Start(new ProcessStartInfo("node", [program, string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--headless"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        if (!await RunningServer.Until(async () => _process.HasExited || await NginxProcess.Listens(port)) || _process.HasExited) throw new InvalidOperationException("Portkey's gateway did not start: " + await said);
    }

    /// <summary>Sends a request as a backend of one's own would: with the shipped configuration, and the account in the metadata.</summary>
    internal async Task<(int Status, string Body)> Ask(GuardedModel model, string? account, string mode = "closed", string path = "/v1/chat/completions", string? key = null, string? body = null, string? metadata = null)
    {
        var folder = model.Configure("portkey", ("\"headers\": { \"Authorization\": \"Bearer slh_...\" },", key is null ? "" : $$"""
            "headers": { "Authorization": "Bearer {{key}}" },
            """));
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body ?? """{"model":"m-1","messages":[{"role":"user","content":"Three and four?"}],"input":"x","prompt":"x"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("x-portkey-config", JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"config-{mode}.json")))!.ToJsonString());
        if ((metadata ?? (account is null ? null : new JsonObject { ["_user"] = account }.ToJsonString())) is { } told) request.Headers.TryAddWithoutValidation("x-portkey-metadata", told);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-of-the-provider");
        using var answer = await _http!.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
