using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Stillhunt.Server;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Server;

/// <summary>A server in this process on a port of its own, with a store in a temporary folder.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private RunningServer(StillhuntServer server, string folder, bool ownsFolder)
    {
        (Server, Folder, _ownsFolder) = (server, folder, ownsFolder);
        Http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }

    public StillhuntServer Server { get; }
    public string Folder { get; }
    public HttpClient Http { get; }
    public string StorePath => Path.Combine(Folder, "s.db");

    public static async Task<RunningServer> Start(string? folder = null, Func<ServeOptions, ServeOptions>? change = null, TimeProvider? time = null)
    {
        var made = folder ?? Directory.CreateTempSubdirectory("stillhunt-serve-").FullName;
        var options = new ServeOptions { StorePath = Path.Combine(made, "s.db"), Urls = ["http://127.0.0.1:0"], Log = Microsoft.Extensions.Logging.LogLevel.None, Pace = new() { Interval = TimeSpan.FromMilliseconds(50) } };
        options = change?.Invoke(options) ?? options;
        var server = await StillhuntServer.Start(options, SqliteStore.Open(options.StorePath, KeyedHash.Fixed, exclusive: true, options.Limits.StoreBytes), KeyedHash.Fixed, time ?? TimeProvider.System);
        await server.Ready;
        return new RunningServer(server, made, folder is null);
    }

    public async Task<(int Status, JsonElement Json)> Send(HttpMethod method, string path, string? body = null, string? key = null, string? encoding = null, byte[]? bytes = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null || bytes is not null) request.Content = new ByteArrayContent(bytes ?? Encoding.UTF8.GetBytes(body!)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (encoding is not null) request.Content!.Headers.ContentEncoding.Add(encoding);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsByteArrayAsync();
        using var json = JsonDocument.Parse(text.Length > 0 ? text : "null"u8.ToArray());
        return ((int)answer.StatusCode, json.RootElement.Clone());
    }

    public Task<(int Status, JsonElement Json)> Get(string path, string? key = null) => Send(HttpMethod.Get, path, key: key);

    public Task<(int Status, JsonElement Json)> Post(string path, string body, string? key = null) => Send(HttpMethod.Post, path, body, key);

    /// <summary>Looks again until it holds; the end of its patience is far beyond what any machine needs, and only keeps a broken server from hanging the suite.</summary>
    public static async Task<bool> Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 6000; tries++)
        {
            if (await holds()) return true;
            await Task.Delay(50);
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }
}
