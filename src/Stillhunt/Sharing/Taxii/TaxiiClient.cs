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
    /// <summary>Objects of one envelope when adding, at first: a server that finds it too large gets half as many at once.</summary>
    private const int MostPerAdd = 1000;

    /// <summary>Bytes of all pages of one pull: what the store of received indicators may hold.</summary>
    private const long MostPulled = 512L << 20;

    /// <summary>For the whole of one answer: a server that sends a byte now and then is left.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Sentences about objects that were left out; the rest is counted.</summary>
    private const int MostNamed = 1000;

    private readonly HttpClient _http;
    private readonly Uri _collection;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly StixLimits _limits;

    /// <summary>How long a push asks what became of objects that the server did not decide on at once.</summary>
    internal PollPatience Polling { get; init; } = PollPatience.Default;

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

    /// <summary>Everything that was added after a time, as far as it is taken at once, as a bundle, and the time to go on from. An object that is not read here is left out by itself: others write into the collection, too.</summary>
    /// <exception cref="InvalidDataException">The server answered what TAXII does not allow.</exception>
    /// <exception cref="HttpRequestException">It answered with an error, or could not be reached.</exception>
    public async Task<PulledObjects> Pull(string? addedAfter, CancellationToken cancellation = default)
    {
        var (objects, skipped, read) = (new List<JsonObject>(), new SkippedObjects(MostNamed), 0L);
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
            var bytes = await Body(answer, cancellation).ConfigureAwait(false);
            var page = TaxiiPage.Read(bytes, _limits, out var wrong) ?? throw new InvalidDataException("The server sends what is no envelope: " + wrong);
            var here = page.Objects.Count + page.Skipped.Count;
            (pulled, read) = (pulled + bytes.Length, read + here);
            if (pulled > MostPulled || read > _limits.Objects)
            {
                if (last == addedAfter) throw new InvalidDataException($"The server sends more than {MostPulled} bytes or {_limits.Objects} objects, and no time to go on from.");
                return Together(isCut: true);
            }

            objects.AddRange(page.Objects);
            foreach (var one in page.Skipped) skipped.Add(one);
            var before = last;
            if (answer.Headers.TryGetValues("X-TAXII-Date-Added-Last", out var values) && StixTime.TryRead(values.First(), out _)) last = values.First();
            if (!page.IsMore) return Together(isCut: false);
            var following = page.Next;
            if (here == 0) throw new InvalidDataException("The server says that there is more, and sends nothing.");
            if (following is null && last == before) throw new InvalidDataException("The server says that there is more, but neither where nor after when.");
            if (following is not null && following == next) throw new InvalidDataException("The server sends one page again and again.");
            next = following;
        }

        // Circles of markings, and what differs under one version, may lie pages apart.
        PulledObjects Together(bool isCut) => new(Versions.Bundle(StixBundle.Together(objects, skipped.Add)), last, skipped.Count, skipped.Named) { IsCut = isCut };
    }

    /// <summary>
    /// Adds objects, some at a time, and asks after what the server takes its time over; says what became of them. Once one add was answered, a fault is told with what became of the others
    /// (<see cref="PushOutcome.Broken"/>), and so is one that leaves open whether the first was taken.
    /// </summary>
    /// <exception cref="InvalidDataException">The server answered the first add with what TAXII does not allow.</exception>
    /// <exception cref="HttpRequestException">It answered the first add with an error, or could not be reached.</exception>
    public async Task<PushOutcome> Push(IReadOnlyList<JsonObject> objects, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var adds = new List<AddStatus>();
        Exception? broken = null;
        var unanswered = 0;
        var left = new Stack<JsonObject[]>(objects.Chunk(MostPerAdd).Reverse());
        while (left.TryPop(out var chunk))
        {
            var envelope = new JsonObject { ["objects"] = new JsonArray([.. chunk.Select(item => item.DeepClone())]) };
            try
            {
                using var answer = await Send(HttpMethod.Post, "objects/", envelope, cancellation).ConfigureAwait(false);
                adds.Add(AddStatus.Read(await Object(answer, cancellation).ConfigureAwait(false), chunk.Length));
            }
            catch (HttpRequestException fault) when (fault.StatusCode == HttpStatusCode.RequestEntityTooLarge && chunk.Length > 1)
            {
                left.Push(chunk[(chunk.Length / 2)..]);
                left.Push(chunk[..(chunk.Length / 2)]);
            }
            catch (Exception fault) when (fault is HttpRequestException or InvalidDataException or IOException or OperationCanceledException && (adds.Count > 0 || (MayBeTaken(fault) && fault is not InvalidDataException)))
            {
                broken = fault;
                if (MayBeTaken(fault)) unanswered = chunk.Length;
                break;
            }
        }

        var asked = await Await(adds, cancellation).ConfigureAwait(false);
        return new PushOutcome(adds.Sum(add => add.Taken), adds.Sum(add => add.Failed), adds.Sum(add => add.Open), [.. adds.SelectMany(add => add.Reasons)], asked)
        {
            Broken = broken, Unanswered = unanswered, Unsent = objects.Count - adds.Sum(add => add.Sent) - unanswered,
        };
    }

    /// <summary>Whether an add that ended so may have been taken: not where the server said no, and not where it was never reached.</summary>
    private static bool MayBeTaken(Exception fault) => fault is not HttpRequestException { StatusCode: not null }
        and not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    /// <summary>Asks for the status of what is pending until it is decided on or patience ends.</summary>
    /// <returns>Why it could not be asked to the end, or null. What the server said before stands: objects that were taken are taken.</returns>
    private async Task<string?> Await(List<AddStatus> adds, CancellationToken cancellation)
    {
        foreach (var pause in Polling.Pauses())
        {
            if (!adds.Exists(add => add.IsPending)) return null;
            try
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
                for (var i = 0; i < adds.Count; i++)
                {
                    if (!adds[i].IsPending) continue;
                    // .../api-root/collections/ID/ -> .../api-root/status/ID/
                    using var answer = await Send(HttpMethod.Get, $"../../status/{Uri.EscapeDataString(adds[i].Id!)}/", null, cancellation).ConfigureAwait(false);
                    adds[i] = AddStatus.Read(await Object(answer, cancellation).ConfigureAwait(false), adds[i].Sent) with { Id = adds[i].Id };
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or InvalidDataException or IOException or OperationCanceledException)
            {
                return fault.Message;
            }
        }

        return null;
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

    private async Task<byte[]> Body(HttpResponseMessage answer, CancellationToken cancellation) =>
        await Bounded(answer, _limits.Bytes, cancellation).ConfigureAwait(false) ?? throw new InvalidDataException($"The server sends more than {_limits.Bytes} bytes in one answer.");

    /// <summary>A status.</summary>
    private async Task<JsonObject> Object(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var bytes = await Body(answer, cancellation).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(bytes, null, new JsonDocumentOptions { MaxDepth = _limits.Depth, AllowDuplicateProperties = false }) as JsonObject ?? throw new InvalidDataException("The server answers an add without a status.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException("The server answers an add without a status.", fault);
        }
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
