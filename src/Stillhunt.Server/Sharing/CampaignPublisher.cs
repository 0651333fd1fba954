using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Store;
using Stillhunt.Sharing.Stix;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Sharing;

/// <summary>
/// Keeps collections in step with what people found: a confirmed campaign is published and brought up to date when something worth telling happens to it;
/// one that was dismissed, or turned out to be a part of another, is revoked. What was sighted of others' indicators goes with it. Publishing again
/// what did not change adds nothing.
/// </summary>
internal sealed partial class CampaignPublisher : IAsyncDisposable
{
    /// <summary>Sightings change all the time; this often they are brought up to date.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    private readonly SharingConfig _config;
    private readonly ISharingStore _store;
    private readonly CampaignBook _campaigns;
    private readonly Func<IntelResult?> _intel;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _publishing = new();
    private readonly SemaphoreSlim _asked = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;

    public CampaignPublisher(SharingConfig config, ISharingStore store, CampaignBook campaigns, Func<IntelResult?> intel, TimeProvider time, ILogger log)
    {
        (_config, _store, _campaigns, _intel, _time, _log) = (config, store, campaigns, intel, time, log);
        campaigns.Told += _ => Ask();
    }

    public void Start() => _working = Task.Run(Work);

    /// <summary>Publishes what is to be published now; the number of objects that were added.</summary>
    public int Publish()
    {
        lock (_publishing) return _config.Publish.Sum(target => Publish(target));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
        _asked.Dispose();
    }

    private void Ask()
    {
        try
        {
            if (_asked.CurrentCount == 0) _asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // Asked for already.
        }
        catch (ObjectDisposedException)
        {
            // The server ends; what was missed is published at the next start.
        }
    }

    private async Task Work()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _asked.WaitAsync(Pace, _stop.Token);
                Publish();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception fault)
            {
                // Nothing is lost: what is not published yet is found again at the next event, and at the latest in an hour.
                NotPublished(_log, fault);
            }
        }
    }

    private int Publish(PublishTarget target)
    {
        if (_store.LoadCollections().FirstOrDefault(collection => collection.Id == target.Collection || collection.Alias == target.Collection) is not { } collection)
        {
            NoCollection(_log, target.Collection);
            return 0;
        }

        var now = _time.GetUtcNow();
        var campaigns = _campaigns.Campaigns;
        var objects = _store.Objects(collection.Id);
        var previous = Earlier(objects, CampaignExport.ProducerId(_config.Producer!));
        var confirmed = campaigns.Where(campaign => campaign is { Stands: true, Outcome: ReviewOutcome.Confirmed }).Select(campaign => campaign.Latest).ToList();
        if (confirmed.Count == 0 && previous.Count == 0 && _intel() is not { Accounts.Count: > 0 }) return 0;
        var bundle = CampaignExport.Continue(confirmed, campaigns.Where(campaign => campaign is { Stands: true, Outcome: not ReviewOutcome.Dismissed }).Select(campaign => campaign.Latest), _intel(), new ShareRequest
        {
            Profile = target.Profile, Producer = _config.Producer!, Now = now, Key = _config.Key?.At(now), Previous = new JsonObject { ["objects"] = new JsonArray([.. previous.Select(item => item.DeepClone())]) },
            Reversed = [.. campaigns.Where(campaign => !campaign.Stands || campaign.Outcome == ReviewOutcome.Dismissed).Select(campaign => campaign.Id)],
        });
        var known = previous.ToDictionary(item => (string)item["id"]!, item => (string?)item["modified"], StringComparer.Ordinal);
        var fresh = ((JsonArray)bundle["objects"]!).OfType<JsonObject>().Where(item => !known.TryGetValue((string)item["id"]!, out var modified) || modified != (string?)item["modified"]).ToList();
        var added = objects.AddAll(fresh, now).Count(one => one.Outcome == AddOutcome.New);
        if (added > 0) Published(_log, added, collection.Title);
        return added;
    }

    /// <summary>The newest versions of what this producer said in the collection; others may write there too, what they like and under any name.</summary>
    private static List<JsonObject> Earlier(ITaxiiObjects objects, string producer) =>
        [.. objects.After(-1, version => version is { IsLast: true, IsNewestSpec: true }, int.MaxValue - 1).Select(stored => JsonNode.Parse(stored.Json)).OfType<JsonObject>()
            .Where(item => StixBundle.Text(item, "id") == producer || StixBundle.Text(item, "created_by_ref") == producer)];

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} objects were published into the collection {Title}")]
    private static partial void Published(ILogger log, int count, string title);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration publishes into the collection {Collection}, and there is none of that id or alias; make it with: stillhunt share collection add")]
    private static partial void NoCollection(ILogger log, string collection);

    [LoggerMessage(Level = LogLevel.Error, Message = "Campaigns were not published; it will be tried again")]
    private static partial void NotPublished(ILogger log, Exception fault);
}
