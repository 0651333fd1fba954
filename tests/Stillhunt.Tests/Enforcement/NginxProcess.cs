using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Enforcement;

/// <summary>Debian's nginx with a shipped configuration, on a port of its own.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _said;

    private NginxProcess(Process process, int port)
    {
        (_process, _said) = (process, process.StandardError.ReadToEndAsync());
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public HttpClient Http { get; }

    /// <param name="changes">Texts of the shipped files and what to put in their place.</param>
    public static async Task<NginxProcess> Start(GuardedModel model, params (string From, string To)[] changes)
    {
        var port = FreePort();
        var folder = model.Configure("nginx", [("127.0.0.1:8080", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")), .. changes]);
        // Its workers drop root, and must reach their folder all the same.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.GetDirectoryName(folder)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var process = Process.Start(new ProcessStartInfo("nginx", ["-e", "stderr", "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-g", "daemon off;"]) { RedirectStandardError = true })!;
        var nginx = new NginxProcess(process, port);
        if (await RunningServer.Until(async () => process.HasExited || await Listens(port)) && !process.HasExited) return nginx;
        var said = await nginx._said;
        await nginx.DisposeAsync();
        throw new InvalidOperationException("nginx did not start: " + said);
    }

    public async Task<(int Status, string Body, HttpResponseMessage Answer)> Ask(string? authorization, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m-1","messages":[]}""") };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<bool> Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
