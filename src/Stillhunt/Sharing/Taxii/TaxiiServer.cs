using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// A TAXII 2.1 server: request in, response out. The rules are those of the OASIS standard of 10 June 2021; tests name them by section. Transport
/// (HTTPS, TLS) is the host's.
/// </summary>
public sealed class TaxiiServer
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Bytes of the objects of one page, if it has more than one: a quarter of what a reader takes at once (<see cref="StixLimits.Bytes"/>).</summary>
    private const long MostPageBytes = 16L << 20;

    private readonly TaxiiOptions _options;
    private readonly ITaxiiHost _host;
    private readonly TimeProvider _time;

    public TaxiiServer(TaxiiOptions options, ITaxiiHost host, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _host, _time) = (options, host, time);
    }

    public TaxiiResponse Handle(TaxiiRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return Route(request);
        }
        catch (TaxiiRefusal refusal)
        {
            return Refused(refusal);
        }
    }

    /// <summary>An error message as the standard has it, for what the host refuses itself.</summary>
    public static TaxiiResponse Refused(int status, string title) => Refused(new TaxiiRefusal(status, title));

    private static TaxiiResponse Refused(TaxiiRefusal refusal)
    {
        var headers = new Dictionary<string, string>();
        if (refusal.Status == 401) headers["WWW-Authenticate"] = "Basic realm=\"taxii\", charset=\"UTF-8\", Bearer realm=\"taxii\"";
        if (refusal.Allowed is not null) headers["Allow"] = refusal.Allowed;
        return Json(refusal.Status, refusal.Body(), headers);
    }

    private TaxiiResponse Route(TaxiiRequest request)
    {
        var user = request.User ?? throw new TaxiiRefusal(401, "A name and password, or a token, is needed");
        if (!TaxiiMediaType.IsAccepted(request.Accept)) throw new TaxiiRefusal(406, "The answer is " + TaxiiMediaType.Taxii + " or nothing");
        // Every path ends with a slash, so the last part is empty.
        var path = request.Path.Split('/');
        if (path.Length < 3 || path[0].Length > 0 || path[^1].Length > 0) throw NotFound();
        var parts = path[1..^1];
        if (parts is ["taxii2"]) return Get(request, Discovery);
        if (parts[0] != _options.ApiRoot) throw NotFound();
        return parts[1..] switch
        {
            [] => Get(request, ApiRoot),
            ["status", var id] => Get(request, () => Json(200, _host.FindStatus(id, user.Name) ?? throw NotFound())),
            ["collections"] => Get(request, () => Collections(user)),
            ["collections", var id] => Get(request, () => Json(200, Describe(Visible(id, user), user))),
            ["collections", var id, "manifest"] => Get(request, () => Manifest(Readable(id, user), request)),
            ["collections", var id, "objects"] when request.Method == "POST" => Add(Writable(id, user), user, request),
            ["collections", var id, "objects"] => Get(request, () => Objects(Readable(id, user), request), "GET, POST"),
            ["collections", var id, "objects", var item] when request.Method == "DELETE" => Delete(id, user, item, request),
            ["collections", var id, "objects", var item] => Get(request, () => OneObject(Readable(id, user), item, request), "GET, DELETE"),
            ["collections", var id, "objects", var item, "versions"] => Get(request, () => Versions(Readable(id, user), item, request)),
            _ => throw NotFound(),
        };
    }

    private static TaxiiResponse Get(TaxiiRequest request, Func<TaxiiResponse> answer, string allowed = "GET") =>
        request.Method == "GET" ? answer() : throw new TaxiiRefusal(405, "This method is not served here", allowed: allowed);

    private TaxiiResponse Discovery()
    {
        var root = $"/{_options.ApiRoot}/";
        var answer = new JsonObject { ["title"] = _options.Title };
        if (_options.Description is not null) answer["description"] = _options.Description;
        if (_options.Contact is not null) answer["contact"] = _options.Contact;
        answer["default"] = root;
        answer["api_roots"] = new JsonArray(root);
        return Json(200, answer);
    }

    private TaxiiResponse ApiRoot() => Json(200, new JsonObject { ["title"] = _options.Title, ["versions"] = new JsonArray(TaxiiMediaType.Taxii), ["max_content_length"] = _options.MaxContentLength });

    private TaxiiResponse Collections(TaxiiUser user)
    {
        var seen = _host.Collections.Where(collection => collection.CanRead(user) || collection.CanWrite(user)).Select(collection => Describe(collection, user)).ToArray<JsonNode>();
        return seen.Length == 0 ? Json(200, Empty) : Json(200, new JsonObject { ["collections"] = new JsonArray(seen) });
    }

    private static JsonObject Describe(CollectionInfo collection, TaxiiUser user)
    {
        var answer = new JsonObject { ["id"] = collection.Id, ["title"] = collection.Title };
        if (collection.Description is not null) answer["description"] = collection.Description;
        if (collection.Alias is not null) answer["alias"] = collection.Alias;
        (answer["can_read"], answer["can_write"]) = (collection.CanRead(user), collection.CanWrite(user));
        answer["media_types"] = new JsonArray(TaxiiMediaType.Stix);
        return answer;
    }

    private TaxiiResponse Manifest(ITaxiiObjects store, TaxiiRequest request)
    {
        var filter = new TaxiiFilter(request.Query, _options.MostPerPage);
        return Page(filter, store.After(filter.AfterMicroseconds, filter.Wants, filter.Limit), "objects", withNext: false, (json, item) =>
        {
            json.WriteStartObject();
            json.WriteString("id", item.At.Id);
            json.WriteString("date_added", Time(item.At.AddedMicroseconds));
            json.WriteString("version", item.VersionText);
            json.WriteString("media_type", $"application/stix+json;version={item.At.SpecVersion}");
            json.WriteEndObject();
        });
    }

    private TaxiiResponse Objects(ITaxiiObjects store, TaxiiRequest request)
    {
        var filter = new TaxiiFilter(request.Query, _options.MostPerPage);
        return Page(filter, store.After(filter.AfterMicroseconds, filter.Wants, filter.Limit), "objects", withNext: true, static (json, item) => json.WriteRawValue(item.Json, skipInputValidation: true));
    }

    private TaxiiResponse OneObject(ITaxiiObjects store, string id, TaxiiRequest request)
    {
        var filter = new TaxiiFilter(request.Query, _options.MostPerPage);
        return Page(filter, Of(store, id, filter), "objects", withNext: true, static (json, item) => json.WriteRawValue(item.Json, skipInputValidation: true));
    }

    private TaxiiResponse Versions(ITaxiiObjects store, string id, TaxiiRequest request)
    {
        var filter = new TaxiiFilter(request.Query, _options.MostPerPage, allVersions: true);
        return Page(filter, Of(store, id, filter), "versions", withNext: true, (json, item) => json.WriteStringValue(item.VersionText));
    }

    private static List<StoredObject> Of(ITaxiiObjects store, string id, TaxiiFilter filter)
    {
        var versions = store.Versions(id);
        if (versions.Count == 0) throw NotFound();
        return [.. versions.Where(item => item.At.AddedMicroseconds > filter.AfterMicroseconds && filter.Wants(item.At)).Take(filter.Limit + 1)];
    }

    private TaxiiResponse Add(ITaxiiObjects store, TaxiiUser user, TaxiiRequest request)
    {
        if (!TaxiiMediaType.IsContent(request.ContentType)) throw new TaxiiRefusal(415, "The content type must be " + TaxiiMediaType.Taxii);
        if (request.Body.Length > _options.MaxContentLength) throw new TaxiiRefusal(413, string.Create(CultureInfo.InvariantCulture, $"A request has at most {_options.MaxContentLength:N0} bytes"));
        var requested = _time.GetUtcNow();
        var limits = StixLimits.Default with { Bytes = _options.MaxContentLength };
        var objects = Envelope(request.Body, limits);
        var (good, successes, failures) = (new List<JsonObject>(), new JsonArray(), new JsonArray());
        var circles = new MarkingWalk(store).Circles(objects);
        foreach (var node in objects)
        {
            if ((StixBundle.CheckObject(node) ?? OtherSpec(node) ?? InCircle(node, circles)) is { } fault) failures.Add((JsonNode)Entry(node, StixTime.WriteMicroseconds(requested), fault));
            else good.Add((JsonObject)node!);
        }

        var results = store.AddAll(good, requested);
        for (var i = 0; i < good.Count; i++)
        {
            var version = StixTime.WriteMicroseconds(results[i].Version);
            if (results[i].Outcome == AddOutcome.Conflict) failures.Add((JsonNode)Entry(good[i], version, "an object of this id and version is there and differs"));
            else successes.Add((JsonNode)Entry(good[i], version, results[i].Outcome == AddOutcome.AlreadyThere ? "it was there already" : null));
        }

        return Json(202, Keep(user, requested, successes, failures));
    }

    /// <summary>Whoever could name a newer version of the specification would hide an object's versions of 2.1.</summary>
    private static string? OtherSpec(JsonNode? node) => StoredVersion.SpecOf((JsonObject)node!) is "2.0" or "2.1" ? null : "spec_version is neither 2.0 nor 2.1";

    /// <summary>A reader refuses markings in a circle, and with them whatever bundle or page they stand in.</summary>
    private static string? InCircle(JsonNode? node, IReadOnlySet<string> circles) =>
        node is JsonObject item && StixBundle.Text(item, "type") == "marking-definition" && circles.Contains(StixBundle.Text(item, "id")!) ? "the marking marks itself, directly or over others, or over more of them than are looked at" : null;

    private JsonObject Keep(TaxiiUser user, DateTimeOffset requested, JsonArray successes, JsonArray failures)
    {
        var id = Guid.NewGuid().ToString();
        var status = new JsonObject
        {
            ["id"] = id, ["status"] = "complete", ["request_timestamp"] = StixTime.WriteMicroseconds(requested), ["total_count"] = successes.Count + failures.Count,
            ["success_count"] = successes.Count, ["failure_count"] = failures.Count, ["pending_count"] = 0,
        };
        if (successes.Count > 0) status["successes"] = successes;
        if (failures.Count > 0) status["failures"] = failures;
        _host.KeepStatus(id, user.Name, _time.GetUtcNow(), status);
        return status;
    }

    private static JsonArray Envelope(ReadOnlyMemory<byte> body, StixLimits limits)
    {
        try
        {
            if (StixBundle.Survey(body.Span, limits) is { } fault) throw new TaxiiRefusal(422, "The body holds " + fault);
            var root = JsonNode.Parse(body.Span, null, new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false });
            if (root is JsonObject envelope && envelope["type"] is null && envelope["objects"] is JsonArray { Count: > 0 } objects && objects.Count <= limits.Objects) return objects;
        }
        catch (JsonException)
        {
            throw new TaxiiRefusal(422, "The body is not JSON that is read here");
        }

        throw new TaxiiRefusal(422, "The body is not an envelope: an object with a list 'objects' that is not empty");
    }

    private static JsonObject Entry(JsonNode? node, string version, string? message)
    {
        var entry = new JsonObject { ["id"] = node is JsonObject item && StixBundle.Text(item, "id") is { Length: <= 200 } id ? id : "unknown", ["version"] = version };
        if (message is not null) entry["message"] = Reporting.Text.OutputText.Terminal(message, 200);
        return entry;
    }

    private TaxiiResponse Delete(string collectionId, TaxiiUser user, string id, TaxiiRequest request)
    {
        var collection = Visible(collectionId, user);
        if (!collection.CanRead(user) || !collection.CanWrite(user)) throw new TaxiiRefusal(403, "To delete, both reading and writing must be allowed");
        // After it a fetch must find nothing (section 5.7), and an older version of the specification would be found.
        var filter = new TaxiiFilter(request.Query, _options.MostPerPage, allVersions: true, allSpecVersions: true);
        if (_host.Open(collection.Id).Remove(id, filter.Wants) == 0) throw NotFound();
        return new TaxiiResponse { Status = 200, ContentType = TaxiiMediaType.Taxii };
    }

    private static TaxiiResponse Page(TaxiiFilter filter, IReadOnlyList<StoredObject> found, string list, bool withNext, Action<Utf8JsonWriter, StoredObject> write)
    {
        if (found.Count == 0) return Json(200, Empty);
        var shown = 1;
        // A page ends where a reader would find it too large, though a writer may send objects as large as a page.
        for (long bytes = found[0].Json.Length; shown < Math.Min(found.Count, filter.Limit) && (bytes += found[shown].Json.Length) <= MostPageBytes; shown++) { }
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (found.Count > shown)
            {
                json.WriteBoolean("more", true);
                if (withNext) json.WriteString("next", filter.Next(found[shown - 1]));
            }

            json.WriteStartArray(list);
            for (var i = 0; i < shown; i++) write(json, found[i]);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Json(200, body.ToArray(), new Dictionary<string, string>
        {
            ["X-TAXII-Date-Added-First"] = Time(found[0].At.AddedMicroseconds), ["X-TAXII-Date-Added-Last"] = Time(found[shown - 1].At.AddedMicroseconds),
        });
    }

    /// <summary>A collection that the caller may neither read nor write is not there.</summary>
    private CollectionInfo Visible(string id, TaxiiUser user) =>
        _host.Collections.FirstOrDefault(collection => (collection.Id == id || collection.Alias == id) && (collection.CanRead(user) || collection.CanWrite(user))) ?? throw NotFound();

    private ITaxiiObjects Readable(string id, TaxiiUser user)
    {
        var collection = Visible(id, user);
        return collection.CanRead(user) ? _host.Open(collection.Id) : throw new TaxiiRefusal(403, "This collection is not to be read by you");
    }

    private ITaxiiObjects Writable(string id, TaxiiUser user)
    {
        var collection = Visible(id, user);
        return collection.CanWrite(user) ? _host.Open(collection.Id) : throw new TaxiiRefusal(403, "This collection is not to be written by you");
    }

    private static TaxiiRefusal NotFound() => new(404, "There is nothing here");

    private static string Time(long microseconds) => StixTime.WriteMicroseconds(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));

    private static TaxiiResponse Json(int status, JsonObject body, IReadOnlyDictionary<string, string>? headers = null) => Json(status, JsonSerializer.SerializeToUtf8Bytes(body), headers);

    private static TaxiiResponse Json(int status, byte[] body, IReadOnlyDictionary<string, string>? headers = null) =>
        new() { Status = status, ContentType = TaxiiMediaType.Taxii, Body = body, Headers = headers ?? new Dictionary<string, string>() };
}
