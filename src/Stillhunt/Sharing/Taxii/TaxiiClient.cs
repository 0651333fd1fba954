using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// A TAXII 2.1 client for one collection: pages through it, and adds to it. The server is a stranger: what it sends is bounded, and it can't make the
/// client read for ever. HTTPS is asked for, except towards the own machine.
/// </summary>
public sealed class TaxiiClient
{
    /// <summary>Objects of one envelope when adding; a server's max_content_length may ask for fewer.</summary>
    private const int MostPerAdd = 1000;

    /// <summary>Bytes of all pages of one pull: what the store of received indicators may hold.</summary>
    private const long MostPulled = 512L << 20;

    /// <summary>For the whole of one answer: a server that sends a byte now and then is left.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly Uri _collection;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly StixLimits _limits;

    /// <param name="collection">The collection's own address, .../collections/ID/.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or not HTTPS towards another machine.</exception>
    public TaxiiClient(HttpClient http, Uri collection, AuthenticationHeaderValue? authorization, StixLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        if (!collection.IsAbsoluteUri || !(collection.Scheme == Uri.UriSchemeHttps || (collection.Scheme == Uri.UriSchemeHttp && collection.IsLoopback)))
            throw new ArgumentException($"{collection} is no address that begins with https://", nameof(collection));
        (_http, _authorization, _limits) = (http, authorization, limits ?? StixLimits.Default);
        _collection = collection.AbsolutePath.EndsWith('/') ? collection : new UriBuilder(collection) { Path = collection.AbsolutePath + "/" }.Uri;
    }

    /// <summary>Everything that was added after a time, as a bundle, and the time to go on from.</summary>
    /// <exception cref="InvalidDataException">The server answered what TAXII does not allow.</exception>
    /// <exception cref="HttpRequestException">It answered with an error, or could not be reached.</exception>
    public async Task<(JsonObject Bundle, string? AddedAfter)> Pull(string? addedAfter, CancellationToken cancellation = default)
    {
        var objects = new List<JsonObject>();
        string? next = null, last = addedAfter;
        var pulled = 0L;
        while (true)
        {
            var query = new List<string> { "match[version]=all", "limit=1000" };
            // With next the other parameters stay as they were; without it the last date takes its place.
            var after = next is null ? last : addedAfter;
            if (after is not null) query.Add("added_after=" + Uri.EscapeDataString(after));
            if (next is not null) query.Add("next=" + Uri.EscapeDataString(next));
            using var answer = await Send(HttpMethod.Get, "objects/?" + string.Join('&', query), null, cancellation).ConfigureAwait(false);
            var page = await Read(answer, cancellation, length => pulled += length).ConfigureAwait(false);
            if (pulled > MostPulled) throw new InvalidDataException($"The server sends more than {MostPulled} bytes.");
            var items = (page["objects"] as JsonArray ?? []).OfType<JsonObject>().ToList();
            objects.AddRange(items.Select(item => (JsonObject)item.DeepClone()));
            if (objects.Count > _limits.Objects) throw new InvalidDataException($"The server sends more than {_limits.Objects} objects.");
            var before = last;
            if (answer.Headers.TryGetValues("X-TAXII-Date-Added-Last", out var values) && StixTime.TryRead(values.First(), out _)) last = values.First();
            if (page["more"] is not JsonValue more || !more.TryGetValue<bool>(out var isMore) || !isMore) return (Versions.Bundle(objects), last);
            var following = StixBundle.Text(page, "next");
            if (items.Count == 0) throw new InvalidDataException("The server says that there is more, and sends nothing.");
            if (following is null && last == before) throw new InvalidDataException("The server says that there is more, but neither where nor after when.");
            if (following is not null && following == next) throw new InvalidDataException("The server sends one page again and again.");
            next = following;
        }
    }

    /// <summary>Adds objects, some at a time; says how many were taken and why others were not.</summary>
    public async Task<(int Taken, IReadOnlyList<string> Refused)> Push(IReadOnlyList<JsonObject> objects, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var (taken, refused) = (0, new List<string>());
        foreach (var chunk in objects.Chunk(MostPerAdd))
        {
            var envelope = new JsonObject { ["objects"] = new JsonArray([.. chunk.Select(item => item.DeepClone())]) };
            using var answer = await Send(HttpMethod.Post, "objects/", envelope, cancellation).ConfigureAwait(false);
            var status = await Read(answer, cancellation).ConfigureAwait(false);
            taken += status["success_count"] is JsonValue count && count.TryGetValue<int>(out var number) ? number : 0;
            refused.AddRange((status["failures"] as JsonArray ?? []).OfType<JsonObject>().Select(failure => $"{StixBundle.Text(failure, "id")}: {StixBundle.Text(failure, "message") ?? "no reason given"}"));
        }

        return (taken, refused);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_collection, path));
        request.Headers.Authorization = _authorization;
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(TaxiiMediaType.Taxii));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("stillhunt", "0"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(TaxiiMediaType.Taxii);
        }

        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
            throw new HttpRequestException($"{method} {_collection}{path.Split('?')[0]} was answered with {(int)answer.StatusCode} {Title(await Bounded(answer, 4096, cancellation).ConfigureAwait(false))}", null, answer.StatusCode);
    }

    private async Task<JsonObject> Read(HttpResponseMessage answer, CancellationToken cancellation, Action<int>? measured = null)
    {
        var bytes = await Bounded(answer, _limits.Bytes, cancellation).ConfigureAwait(false) ?? throw new InvalidDataException($"The server sends more than {_limits.Bytes} bytes in one answer.");
        measured?.Invoke(bytes.Length);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            try
            {
                return JsonNode.Parse(bytes, null, new JsonDocumentOptions { MaxDepth = _limits.Depth }) as JsonObject ?? throw new InvalidDataException("The server answers an add without a status.");
            }
            catch (JsonException fault)
            {
                throw new InvalidDataException("The server answers an add without a status.", fault);
            }
        }

        return StixBundle.Read(bytes, _limits, out var wrong) ?? throw new InvalidDataException("The server sends what is no envelope: " + wrong);
    }

    private static async Task<byte[]?> Bounded(HttpResponseMessage answer, long most, CancellationToken cancellation)
    {
        using var timely = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timely.CancelAfter(Patience);
        try
        {
            await using var from = await answer.Content.ReadAsStreamAsync(timely.Token).ConfigureAwait(false);
            using var held = new MemoryStream();
            var buffer = new byte[81_920];
            int read;
            while ((read = await from.ReadAsync(buffer, timely.Token).ConfigureAwait(false)) > 0)
            {
                if (held.Length + read > most) return null;
                held.Write(buffer, 0, read);
            }

            return held.ToArray();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"The server did not send its whole answer within {Patience.TotalMinutes} minutes.");
        }
    }

    private static string Title(byte[]? body)
    {
        try
        {
            return body is null ? "" : Reporting.Text.OutputText.Terminal((string?)(JsonNode.Parse(Encoding.UTF8.GetString(body)) as JsonObject)?["title"], 200);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
