using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sharing.Taxii;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>A server over a store of its own: alice reads and writes, reader reads, stranger may nothing.</summary>
internal sealed class TaxiiFixture : IDisposable
{
    /// <summary>Collections: alice writes into the first two and reads the first and the last.</summary>
    public const string Main = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41", Inbox = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d42", Outbox = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d43";

    /// <summary>Path of the main collection's objects.</summary>
    public const string Objects = $"/api/collections/{Main}/objects/";

    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-taxii-").FullName;
    private SqliteStore _store;

    public TaxiiFixture()
    {
        _store = Open();
        foreach (var collection in (CollectionInfo[])
        [
            new CollectionInfo { Id = Main, Title = "Campaigns", Alias = "campaigns", Readers = new HashSet<string> { "alice", "reader" }, Writers = new HashSet<string> { "alice" } },
            new CollectionInfo { Id = Inbox, Title = "Inbox", Writers = new HashSet<string> { "alice" } },
            new CollectionInfo { Id = Outbox, Title = "Outbox", Readers = new HashSet<string> { "alice" } },
        ]) _store.Sharing.AddCollection(collection);
        Server = Serve();
    }

    public StoppedClock Clock { get; } = new();

    public TaxiiServer Server { get; private set; }

    public static TaxiiOptions Options { get; } = new() { MaxContentLength = 1 << 20 };

    public static string Id(int number) => $"indicator--00000000-0000-4000-8000-{number:d12}";

    public static TaxiiRequest Request(string method, string path, string user, (string, string)[] query, string? accept = "application/taxii+json;version=2.1", string? body = null, string? contentType = null) => new()
    {
        Method = method, Path = path, Accept = accept, Query = [.. query.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))], ContentType = contentType,
        User = new TaxiiUser(user, false), Body = body is null ? default : Encoding.UTF8.GetBytes(body),
    };

    public TaxiiResponse Get(string path, params (string, string)[] query) => Server.Handle(Request("GET", path, "alice", query));

    public TaxiiResponse Get(string path, string user, (string, string)[]? query = null) => Server.Handle(Request("GET", path, user, query ?? []));

    public TaxiiResponse Get(string path, string? accept) => Server.Handle(Request("GET", path, "alice", [], accept));

    public TaxiiResponse Delete(string path, params (string, string)[] query) => Server.Handle(Request("DELETE", path, "alice", query));

    public TaxiiResponse Delete(string path, string user) => Server.Handle(Request("DELETE", path, user, []));

    public TaxiiResponse Post(string path, string body, string user = "alice", string contentType = "application/taxii+json;version=2.1") =>
        Server.Handle(Request("POST", path, user, [], body: body, contentType: contentType));

    public TaxiiResponse Send(string collection, string envelope) => Post($"/api/collections/{collection}/objects/", envelope);

    /// <summary>Adds the objects 1 to n.</summary>
    public TaxiiResponse Put(string collection, int count, string user = "alice") => Post($"/api/collections/{collection}/objects/", $$"""{"objects":[{{string.Join(',', Enumerable.Range(1, count).Select(i => Indicator(Id(i), "2026-01-01T00:00:00.000Z")))}}]}""", user);

    /// <summary>Adds versions of one object in the order given, and says its id.</summary>
    public string PutVersions(string collection, params string[] modified)
    {
        foreach (var version in modified) Send(collection, $$"""{"objects":[{{Indicator(Id(500), version)}}]}""");
        return Id(500);
    }

    public static JsonObject Parsed(TaxiiResponse answer) => JsonNode.Parse(answer.Body)!.AsObject();

    public static string Text(TaxiiResponse answer) => Encoding.UTF8.GetString(answer.Body);

    /// <summary>Ids of the objects in an envelope or a manifest, in their order.</summary>
    public static List<string> Ids(TaxiiResponse answer) => [.. (Parsed(answer)["objects"]?.AsArray() ?? []).Select(item => (string)item!["id"]!)];

    /// <summary>The status, and an error of the standard's form that says the same.</summary>
    public static void AssertError(int status, TaxiiResponse answer)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/taxii+json;version=2.1", answer.ContentType);
        var error = Parsed(answer);
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), (string?)error["http_status"]);
        Assert.False(string.IsNullOrEmpty((string?)error["title"]));
    }

    /// <summary>Ends the server and starts it again over the same store.</summary>
    public void Reopen()
    {
        _store.Dispose();
        _store = Open();
        Server = Serve();
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteStore Open() => SqliteStore.Open(Path.Combine(_folder, "s.db"), KeyedHash.Fixed);

    private TaxiiServer Serve() => new(Options, new SharedCollections(_store.Sharing, Clock), Clock);

    private static string Indicator(string id, string modified) =>
        $$"""{"type":"indicator","spec_version":"2.1","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"{{modified}}","pattern":"[ipv4-addr:value = '203.0.113.7']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00.000Z"}""";

    internal sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
