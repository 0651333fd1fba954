using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;
using Stillhunt.Sharing.Taxii;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Sharing.Taxii;

public sealed class TaxiiClientTests : IDisposable
{
    private static readonly Uri Main = new($"https://taxii.example/api/collections/{TaxiiFixture.Main}/");

    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Fact]
    public async Task Ten_thousand_objects_come_back_as_they_were_and_are_imported_alike()
    {
        var bundle = Many(10_000);
        var pushed = await Client().Push([.. ExportSample.Objects(bundle)], TestContext.Current.CancellationToken);
        Assert.Equal((10_000, 0, 0), (pushed.Taken, pushed.Failed, pushed.Open));
        var (pulled, after, _, _) = await Client().Pull(null, TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(bundle["objects"], pulled["objects"]));
        var (first, second) = (new IntelStore(), new IntelStore());
        first.Add(bundle, "a", 1);
        second.Add(pulled, "a", 1);
        Assert.Equal(first.ToJson().ToJsonString(), second.ToJson().ToJsonString());
        Assert.Empty(ExportSample.Objects((await Client().Pull(after, TestContext.Current.CancellationToken)).Bundle));
    }

    [Fact]
    public async Task A_second_pull_brings_what_was_added_since()
    {
        _taxii.Put(TaxiiFixture.Main, 3);
        var (_, after, _, _) = await Client().Pull(null, TestContext.Current.CancellationToken);
        _taxii.PutVersions(TaxiiFixture.Main, "2026-01-02T00:00:00.000Z");
        Assert.Equal(TaxiiFixture.Id(500), (string?)ExportSample.Objects((await Client().Pull(after, TestContext.Current.CancellationToken)).Bundle).Single()["id"]);
    }

    [Fact]
    public async Task A_refused_request_says_what_the_server_said()
    {
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => Client("stranger").Pull(null, TestContext.Current.CancellationToken));
        Assert.Contains("404 There is nothing here", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"more":true,"objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001"}]}""", "neither where nor after when")]
    [InlineData("""{"more":true,"next":"x","objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001"}]}""", "again and again")]
    [InlineData("""{"objects":{"type":"indicator"}}""", "objects is not a list")]
    [InlineData("""{"type":"report"}""", "no envelope")]
    [InlineData("""{"objects":[{"type":"note"}]} and more""", "no envelope")]
    [InlineData("""{"objects":[{"type":"note"]}""", "no envelope")]
    [InlineData("[]", "no envelope")]
    [InlineData("<html>", "no envelope")]
    public async Task A_server_that_breaks_the_rules_is_left(string answer, string reason)
    {
        using var http = new HttpClient(new Answering(_ => Answer(200, Encoding.UTF8.GetBytes(answer))));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => new TaxiiClient(http, Main, null).Pull(null, TestContext.Current.CancellationToken));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"indicator"}""", "id is not of the form")]
    [InlineData("""{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","content":"\ud800"}""", "no Unicode")]
    [InlineData("""{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","id":"note--00000000-0000-4000-8000-000000000002"}""", "not readable")]
    [InlineData("""{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","modified":"soon"}""", "note--00000000-0000-4000-8000-000000000001, modified")]
    [InlineData("17", "an object is expected")]
    [InlineData("DEEP", "not readable")]
    [InlineData("LONG", "more than")]
    [InlineData("""{"type":"marking-definition","id":"marking-definition--00000000-0000-4000-8000-000000000001","object_marking_refs":["marking-definition--00000000-0000-4000-8000-000000000001"]}""", "the marking marks itself")]
    [InlineData("""{"type":"note","id":"note--00000000-0000-4000-8000-000000000003","content":"another"}""", "came before, and differs")]
    public async Task One_bad_object_is_left_out_with_its_reason_and_keeps_nobody_from_the_others(string bad, string reason)
    {
        bad = bad.Replace("DEEP", string.Concat(Enumerable.Repeat("[", 100_000)) + string.Concat(Enumerable.Repeat("]", 100_000)), StringComparison.Ordinal)
            .Replace("LONG", $"[{string.Join(',', Enumerable.Repeat("1", 300_000))}]", StringComparison.Ordinal);
        const string good = """{"type":"note","id":"note--00000000-0000-4000-8000-000000000003"}""", next = """{"type":"note","id":"note--00000000-0000-4000-8000-000000000004"}""";
        var pages = 0;
        using var http = new HttpClient(new Answering(_ => Answer(200, Encoding.UTF8.GetBytes(pages++ == 0 ? $$"""{"more":true,"next":"x","objects":[{{good}},{{bad}}]}""" : $$"""{"objects":[{{next}}]}"""))));
        var pulled = await new TaxiiClient(http, Main, null).Pull(null, TestContext.Current.CancellationToken);
        Assert.Equal(["note--00000000-0000-4000-8000-000000000003", "note--00000000-0000-4000-8000-000000000004"], ExportSample.Objects(pulled.Bundle).Select(item => (string?)item["id"]));
        Assert.Equal(1, pulled.SkippedCount);
        Assert.Contains(reason, Assert.Single(pulled.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_of_markings_over_two_pages_is_left_out()
    {
        static string Marking(int id, int by) => $$"""{"type":"marking-definition","id":"marking-definition--00000000-0000-4000-8000-{{id:d12}}","object_marking_refs":["marking-definition--00000000-0000-4000-8000-{{by:d12}}"]}""";
        var pages = 0;
        using var http = new HttpClient(new Answering(_ => Answer(200, Encoding.UTF8.GetBytes(pages++ == 0 ? $$"""{"more":true,"next":"x","objects":[{{Marking(1, 2)}},{{Marking(3, 4)}}]}""" : $$"""{"objects":[{{Marking(2, 1)}}]}"""))));
        var pulled = await new TaxiiClient(http, Main, null).Pull(null, TestContext.Current.CancellationToken);
        Assert.Equal(2, pulled.SkippedCount);
        Assert.NotNull(StixBundle.Read(Encoding.UTF8.GetBytes(pulled.Bundle.ToJsonString()), StixLimits.Default, out _));
        Assert.Single(ExportSample.Objects(pulled.Bundle));
    }

    [Fact]
    public async Task What_the_server_takes_its_time_over_is_asked_after_until_it_is_decided()
    {
        var asked = new List<string>();
        using var http = new HttpClient(new Answering(request =>
        {
            asked.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return request.Method == HttpMethod.Post ? Answer(202, Status("pending", 0, 0, 4))
                : asked.Count < 4 ? Answer(200, Status("pending", 1, 0, 3)) : Answer(200, Status("complete", 3, 1, 0, """,{"id":"note--1","version":"x","message":"too old"}"""));
        }));
        var outcome = await Patient(http).Push([.. ExportSample.Objects(Many(4))], TestContext.Current.CancellationToken);
        Assert.Equal((3, 1, 0, null), (outcome.Taken, outcome.Failed, outcome.Open, outcome.Fault));
        Assert.Equal("note--1: too old", Assert.Single(outcome.Reasons));
        Assert.Equal([$"POST {Main.AbsolutePath}objects/", .. Enumerable.Repeat("GET /api/status/s-1/", 3)], asked);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(404, "was answered with 404")]
    public async Task What_stays_pending_is_counted_as_such_and_what_was_taken_stands(int status, string? fault)
    {
        using var http = new HttpClient(new Answering(request => request.Method == HttpMethod.Post ? Answer(202, Status("pending", 1, 0, 3)) : Answer(status, Status("pending", 1, 0, 3))));
        var outcome = await Patient(http).Push([.. ExportSample.Objects(Many(4))], TestContext.Current.CancellationToken);
        Assert.Equal((1, 0, 3), (outcome.Taken, outcome.Failed, outcome.Open));
        if (fault is null) Assert.Null(outcome.Fault);
        else Assert.Contains(fault, outcome.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded, 1000, 500)]
    [InlineData(HttpRequestError.ConnectionError, 0, 1500)]
    public async Task A_push_that_breaks_off_says_how_many_were_taken_and_doubles_nothing_when_it_is_made_again(HttpRequestError fault, int unanswered, int unsent)
    {
        var (objects, posts) = (ExportSample.Objects(Many(3500)).ToList(), 0);
        using var http = new HttpClient(new Answering(request => request.Method == HttpMethod.Post && ++posts == 3 ? throw new HttpRequestException(fault, "gone") : Serve(request)));
        var client = new TaxiiClient(http, Main, new AuthenticationHeaderValue("Basic", Convert.ToBase64String("alice:alice-password"u8)));
        var outcome = await client.Push(objects, TestContext.Current.CancellationToken);
        Assert.Equal((2000, 0, 0), (outcome.Taken, outcome.Failed, outcome.Open));
        Assert.Equal((unanswered, unsent, "gone"), (outcome.Unanswered, outcome.Unsent, outcome.Broken?.Message));
        var again = await client.Push(objects, TestContext.Current.CancellationToken);
        Assert.Equal((3500, 0, 0, null), (again.Taken, again.Unanswered, again.Unsent, again.Broken));
        Assert.Equal(3500, ExportSample.Objects((await client.Pull(null, TestContext.Current.CancellationToken)).Bundle).Count());
    }

    [Theory]
    [InlineData("""{"id":"s","status":"complete","success_count":99,"failure_count":-7}""", 4, 0, 0)]
    [InlineData("""{"id":"s","status":"complete","success_count":1,"failure_count":1}""", 1, 1, 2)]
    [InlineData("""{"status":"pending"}""", 0, 0, 4)]
    [InlineData("""{"id":"s","status":"complete","success_count":"4"}""", 0, 0, 4)]
    public async Task Counts_that_do_not_add_up_are_believed_as_far_as_what_was_sent(string answer, int taken, int failed, int open)
    {
        using var http = new HttpClient(new Answering(_ => Answer(202, Encoding.UTF8.GetBytes(answer))));
        var outcome = await Patient(http).Push([.. ExportSample.Objects(Many(4))], TestContext.Current.CancellationToken);
        Assert.Equal((taken, failed, open), (outcome.Taken, outcome.Failed, outcome.Open));
    }

    [Fact]
    public void Pauses_grow_to_the_longest_and_end_with_patience()
    {
        var pauses = PollPatience.Default.Pauses().ToList();
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], pauses.Take(7).Select(pause => pause.TotalSeconds));
        Assert.Equal(300, pauses.Sum(pause => pause.TotalSeconds));
    }

    private static byte[] Status(string status, int taken, int failed, int pending, string failure = "") => Encoding.UTF8.GetBytes(
        $$"""{"id":"s-1","status":"{{status}}","total_count":4,"success_count":{{taken}},"failure_count":{{failed}},"pending_count":{{pending}},"failures":[{{failure.TrimStart(',')}}]}""");

    private static TaxiiClient Patient(HttpClient http) => new(http, Main, null) { Polling = new PollPatience(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20)) };

    [Fact]
    public async Task A_server_that_promises_more_and_sends_nothing_is_left_however_it_names_the_next_page()
    {
        var pages = 0;
        using var http = new HttpClient(new Answering(_ => pages++ < 1000 ? Answer(200, Encoding.UTF8.GetBytes($$"""{"more":true,"next":"page-{{pages}}","objects":[]}""")) : Answer(500, [])));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => new TaxiiClient(http, Main, null).Pull(null, TestContext.Current.CancellationToken));
        Assert.Contains("sends nothing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_of_more_than_is_taken_at_once_is_pulled_in_parts()
    {
        using var http = new HttpClient(new Answering(Serve));
        var alice = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("alice:alice-password"u8));
        await new TaxiiClient(http, Main, alice).Push([.. ExportSample.Objects(Many(2500))], TestContext.Current.CancellationToken);
        var client = new TaxiiClient(http, Main, alice, new StixLimits { Objects = 1500 });
        var (ids, cut, after) = (new List<string>(), new List<bool>(), (string?)null);
        do
        {
            var pulled = await client.Pull(after, TestContext.Current.CancellationToken);
            ids.AddRange(ExportSample.Objects(pulled.Bundle).Select(item => (string)item["id"]!));
            cut.Add(pulled.IsCut);
            after = pulled.AddedAfter;
        }
        while (cut[^1]);
        Assert.Equal([true, false], cut);
        Assert.Equal(ExportSample.Objects(Many(2500)).Select(item => (string)item["id"]!), ids);
    }

    [Fact]
    public async Task What_is_too_much_for_a_server_at_once_is_pushed_in_parts()
    {
        var (sizes, large) = (new List<long>(), Many(1200));
        foreach (var item in ExportSample.Objects(large)) item["description"] = new string('x', 3000);
        using var http = new HttpClient(new Answering(request =>
        {
            sizes.Add(request.Content!.Headers.ContentLength!.Value);
            return Serve(request);
        }));
        var client = new TaxiiClient(http, Main, new AuthenticationHeaderValue("Basic", Convert.ToBase64String("alice:alice-password"u8)));
        var outcome = await client.Push([.. ExportSample.Objects(large)], TestContext.Current.CancellationToken);
        Assert.Equal((1200, 0, 0, null), (outcome.Taken, outcome.Unanswered, outcome.Unsent, outcome.Broken));
        Assert.Contains(sizes, size => size > TaxiiFixture.Options.MaxContentLength);
        // One object that is too large by itself is told as such.
        large["objects"]![0]!["description"] = new string('x', 2 << 20);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.Push([.. ExportSample.Objects(large).Take(1)], TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, fault.StatusCode);
    }

    [Fact]
    public async Task A_server_that_never_stops_sending_is_left()
    {
        using var http = new HttpClient(new Answering(_ => Answer(200, new byte[2000])));
        await Assert.ThrowsAsync<InvalidDataException>(() => new TaxiiClient(http, Main, null, new StixLimits { Bytes = 1000 }).Pull(null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task S8_5_1_A_request_names_the_client_the_media_type_and_who_asks()
    {
        var seen = new List<(string Agent, string Accept, string Authorization, string? Content)>();
        using var http = new HttpClient(new Answering(request =>
        {
            seen.Add((request.Headers.UserAgent.ToString(), request.Headers.Accept.ToString(), request.Headers.Authorization!.Scheme, request.Content?.Headers.ContentType?.ToString()));
            return Answer(request.Method == HttpMethod.Post ? 202 : 200, request.Method == HttpMethod.Post ? """{"success_count":1}"""u8.ToArray() : "{}"u8.ToArray());
        }));
        var client = new TaxiiClient(http, Main, new AuthenticationHeaderValue("Basic", "YTpi"));
        await client.Pull(null, TestContext.Current.CancellationToken);
        await client.Push([.. ExportSample.Objects(Many(1))], TestContext.Current.CancellationToken);
        Assert.All(seen, one => Assert.Equal(("Basic", "application/taxii+json; version=2.1"), (one.Authorization, one.Accept)));
        Assert.All(seen, one => Assert.StartsWith("stillhunt/", one.Agent, StringComparison.Ordinal));
        Assert.Equal("application/taxii+json; version=2.1", seen[1].Content);
    }

    [Theory]
    [InlineData("http://taxii.example/api/collections/x/")]
    [InlineData("ftp://taxii.example/")]
    public void Another_machine_is_spoken_to_over_https_only(string address)
    {
        using var http = new HttpClient();
        Assert.Throws<ArgumentException>(() => new TaxiiClient(http, new Uri(address), null));
        Assert.NotNull(new TaxiiClient(http, new Uri("http://127.0.0.1:1/api/collections/x/"), null));
    }

    private TaxiiClient Client(string user = "alice") => new(new HttpClient(new Answering(Serve)), Main, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}-password"))));

    private HttpResponseMessage Serve(HttpRequestMessage request)
    {
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, default);
        var answer = _taxii.Server.Handle(new TaxiiRequest
        {
            Method = request.Method.Method, Path = request.RequestUri!.AbsolutePath, Accept = request.Headers.Accept.ToString(), User = new TaxiiUser(Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!)).Split(':')[0], false),
            ContentType = request.Content?.Headers.ContentType?.ToString(), Body = body.ToArray(),
            Query = [.. request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])))],
        });
        var message = Answer(answer.Status, answer.Body);
        foreach (var (name, value) in answer.Headers) message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private static HttpResponseMessage Answer(int status, byte[] body) => new((HttpStatusCode)status) { Content = new ByteArrayContent(body) };

    /// <summary>A bundle with indicators, relations and notes, of all sizes.</summary>
    internal static JsonObject Many(int count)
    {
        var random = new Random(5);
        return new JsonObject
        {
            ["type"] = "bundle", ["id"] = "bundle--00000000-0000-4000-8000-000000000001",
            ["objects"] = new JsonArray([.. Enumerable.Range(1, count).Select(i => i % 3 == 0
                ? new JsonObject
                {
                    ["type"] = "note", ["spec_version"] = "2.1", ["id"] = $"note--00000000-0000-4000-8000-{i:d12}", ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z",
                    ["content"] = MadeTraffic.Words(random, random.Next(1, 40)) + " é 漢 <&> \u0007", ["object_refs"] = new JsonArray(TaxiiFixture.Id(i - 1)),
                }
                : new JsonObject
                {
                    ["type"] = "indicator", ["spec_version"] = "2.1", ["id"] = TaxiiFixture.Id(i), ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z",
                    ["pattern"] = $"[ipv4-addr:value = '10.{i >> 16}.{i >> 8 & 255}.{i & 255}']", ["pattern_type"] = "stix", ["valid_from"] = "2026-01-01T00:00:00.000Z", ["confidence"] = i % 100,
                })]),
        };
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
