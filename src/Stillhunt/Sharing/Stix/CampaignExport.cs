using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// A scan's result -> a STIX 2.1 bundle for one kind of reader. Pure: the same result and request give the same bundle. Nothing here sees a raw value
/// before <see cref="Redaction"/> and the profile have let it through, and ids are made of what they let through.
/// </summary>
public static class CampaignExport
{
    /// <exception cref="InvalidOperationException">A named campaign is not in the result.</exception>
    /// <exception cref="InvalidDataException">The last export is of another profile or producer.</exception>
    public static JsonObject Write(ScanResult result, ShareRequest request)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Previous is { } last && PreviousExport.Fault(last, request) is { } fault) throw new InvalidDataException(fault);
        var builder = Build(Chosen(result, request), result.Campaigns.Concat(result.Suspected), result.Intel, request);
        var living = Versions.Living(request.Previous);
        var still = result.Campaigns.Where(campaign => !request.Reversed.Contains(campaign.Id)).Select(campaign => living(CampaignId(builder.Producer, request, campaign.Id))).ToHashSet(StringComparer.Ordinal);
        return Versions.Continue(request, builder.Objects, still.Contains);
    }

    /// <summary>Of the reversed campaigns those that neither the result nor the last export has: for them nothing is left out or revoked.</summary>
    public static IReadOnlyList<string> UnknownReversed(ScanResult result, ShareRequest request)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(request);
        var known = result.Campaigns.Concat(result.Suspected).Select(campaign => campaign.Id).ToHashSet(StringComparer.Ordinal);
        var told = (request.Previous?["objects"] as JsonArray ?? []).OfType<JsonObject>().Select(item => (string?)item["id"]).ToHashSet(StringComparer.Ordinal);
        return [.. request.Reversed.Where(id => !known.Contains(id) && !told.Contains(CampaignId(ProducerId(request.Producer), request, id))).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Goes on from what was published before: these campaigns as they are now, and of those that are not among them only what
    /// <see cref="ShareRequest.Reversed"/> names is revoked.
    /// </summary>
    /// <param name="found">All campaigns that stand: what matched an account of one of them is sighted.</param>
    public static JsonObject Continue(IReadOnlyList<Campaign> campaigns, IEnumerable<Campaign> found, IntelResult? intel, ShareRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var builder = Build(campaigns, found, intel, request);
        var living = Versions.Living(request.Previous);
        var fallen = request.Reversed.Select(id => living(CampaignId(builder.Producer, request, id))).ToHashSet(StringComparer.Ordinal);
        return Versions.Continue(request, builder.Objects, id => !fallen.Contains(id));
    }

    /// <summary>The STIX id of a producer's identity.</summary>
    public static string ProducerId(string producer) => StixId.Of("identity", producer);

    private static BundleBuilder Build(IEnumerable<Campaign> campaigns, IEnumerable<Campaign> found, IntelResult? intel, ShareRequest request)
    {
        var builder = new BundleBuilder(request);
        builder.Put(Tlp.Marking(request.Profile.Tlp));
        foreach (var item in StillhuntExtension.Definition()) builder.Put(item);
        var created = StixTime.Write(request.Now);
        builder.Put(new JsonObject
        {
            ["type"] = "identity", ["spec_version"] = "2.1", ["id"] = builder.Producer, ["created"] = created, ["modified"] = created,
            ["name"] = request.Producer, ["identity_class"] = "organization", ["object_marking_refs"] = new JsonArray(builder.Marking),
        });
        foreach (var campaign in campaigns) new OneCampaign(builder, request, campaign).Write();
        if (intel is not null) Sightings(builder, request, found, intel);
        return builder;
    }

    private static IEnumerable<Campaign> Chosen(ScanResult result, ShareRequest request)
    {
        if (request.Campaigns is null) return result.Campaigns.Where(campaign => !request.Reversed.Contains(campaign.Id));
        var known = result.Campaigns.Concat(result.Suspected).ToDictionary(campaign => campaign.Id, StringComparer.Ordinal);
        return [.. request.Campaigns.Distinct(StringComparer.Ordinal).Select(id => known.GetValueOrDefault(id) ?? throw new InvalidOperationException($"The result has no campaign {id}."))];
    }

    /// <summary>
    /// The campaign's own id is a sum of hashes under the deployment's key, which never leaves: nobody outside can test a guess of its accounts
    /// against it.
    /// </summary>
    private static string CampaignId(string producer, ShareRequest request, string id) => StixId.Of("campaign", producer, request.Profile.Name, id);

    /// <summary>
    /// What became of the indicators of others here goes back to them: counts and times, no accounts. Only of accounts that one's own detection at least suspects: else a member could ask,
    /// by an indicator made for it, whether somebody's wording, address or mail domain is a customer's here.
    /// </summary>
    private static void Sightings(BundleBuilder builder, ShareRequest request, IEnumerable<Campaign> found, IntelResult intel)
    {
        var own = found.Where(campaign => !request.Reversed.Contains(campaign.Id)).SelectMany(campaign => campaign.Accounts).Where(account => account.EndUser is null)
            .Select(account => (account.Source, account.Id)).ToHashSet();
        var hits = intel.Accounts.Where(match => own.Contains((match.Source, match.Id))).SelectMany(match => match.Hits).Where(hit => StixId.IsValid(hit.Indicator));
        foreach (var seen in hits.GroupBy(hit => hit.Indicator, StringComparer.Ordinal).OrderBy(seen => seen.Key, StringComparer.Ordinal))
        {
            builder.Add("sighting", [seen.Key], new JsonObject
            {
                ["sighting_of_ref"] = seen.Key, ["where_sighted_refs"] = new JsonArray(builder.Producer), ["count"] = Math.Clamp(request.Profile.Count(seen.Sum(hit => Math.Max(1, hit.ExchangeCount))), 1, 999_999_999),
                ["first_seen"] = Redacted(request, seen.Min(hit => hit.First)!), ["last_seen"] = Redacted(request, seen.Max(hit => hit.Last)!),
                ["extensions"] = StillhuntExtension.Entry(new JsonObject { ["account_count"] = request.Profile.Count(seen.Count()) }),
            });
        }
    }

    internal static string Redacted(ShareRequest request, string time) => StixTime.Write(request.Profile.Time(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));

    /// <summary>One campaign's objects.</summary>
    private sealed class OneCampaign(BundleBuilder builder, ShareRequest request, Campaign campaign)
    {
        /// <summary>Values of one campaign that become indicators, the most used first; the rest adds objects and hardly a match.</summary>
        private const int MostValues = 100;

        private const int MostSkeletons = 12;

        private readonly ShareProfile _profile = request.Profile;
        private readonly Redaction _redaction = new(request.Profile, campaign.Indicators);
        private readonly string _first = Redacted(request, campaign.First);
        private readonly string _last = Redacted(request, campaign.Last);
        private readonly List<string> _all = [];

        /// <summary>An end user is one of the account's users, and not the account.</summary>
        private static JsonObject User(CampaignAccount account) => account.EndUser is { } user
            ? new() { ["user_id"] = user, ["account_login"] = account.Id, ["account_type"] = account.Source }
            : new() { ["account_login"] = account.Id, ["account_type"] = account.Source };

        public void Write()
        {
            var techniques = Known(campaign.Techniques, TechniqueNames.All);
            var capabilities = Known(campaign.Capabilities, TechniqueNames.Capabilities);
            var id = Keep(AddCampaign(techniques, capabilities));
            foreach (var pattern in Atlas.Of(techniques.Select(share => share.Id), campaign.Accounts.Count, Wording.Answers(campaign.Exposure) > 0))
                Keep(builder.Relate(id, "uses", Keep(builder.Put(pattern))));
            var indicators = new IndicatorExport(builder, request, campaign, _redaction);
            var observables = indicators.Observables(MostValues);
            if (_profile.Identities)
                observables.AddRange(campaign.Accounts.Select(account => builder.AddObservable("user-account", User(account))));
            var observed = observables.Count == 0 ? null : Keep(Observed(id, observables));
            if (observed is not null && indicators.HasInfrastructure) Infrastructure(id, observed);
            foreach (var (indicator, value) in indicators.Write(MostValues))
            {
                Keep(indicator);
                Keep(builder.Relate(indicator, "indicates", id));
                if (observed is not null) Keep(builder.Relate(indicator, "based-on", observed));
                Keep(Sighting(indicator, value, observed));
            }

            if (_profile.AccountsOf is { } provider) TellAccounts(id, provider);
            Keep(Note(id));
            builder.Add("grouping", ["campaign", id], new JsonObject
            {
                ["name"] = "What is shared of " + Name, ["context"] = "suspicious-activity", ["object_refs"] = Refs([.. _all.Concat(observables).Distinct(StringComparer.Ordinal)]),
            });
        }

        private string Name => "Distillation campaign " + CampaignId(builder.Producer, request, campaign.Id)["campaign--".Length..][..8];

        private string Keep(string id)
        {
            _all.Add(id);
            return id;
        }

        private static List<Share> Known(IReadOnlyList<Share> shares, HashSet<string> names) => [.. shares.Where(share => names.Contains(share.Id))];

        private string AddCampaign(List<Share> techniques, List<Share> capabilities)
        {
            var takes = capabilities.Count == 0 ? "" : ": " + Wording.Listed(capabilities.Take(3).Select(share => Glossary.Capability(share.Id)));
            var how = techniques.Count == 0 ? "" : ", mainly by " + Wording.Listed(techniques.Take(2).Select(share => Wording.Spoken(share.Id)));
            return builder.Add("campaign", [campaign.Id], new JsonObject
            {
                ["name"] = Name,
                ["description"] = $"{Figures.Counted(_profile.Count(campaign.Accounts.Count), "account")} that the evidence ascribes to one operator sent {Figures.Counted(_profile.Count(campaign.ExtractingCount), "extracting exchange")}{how}. "
                    + "A probability, not a proof; it names nobody.",
                ["first_seen"] = _first, ["last_seen"] = _last,
                ["objective"] = "Collect a model's answers for training another" + takes,
                // Never 100: STIX reads it as confirmed by other sources.
                ["confidence"] = (int)Math.Clamp(Math.Floor(campaign.Confidence * 100), 0, 99),
                ["labels"] = new JsonArray("model-distillation"),
                ["extensions"] = StillhuntExtension.Entry(Measures(techniques, capabilities)),
            });
        }

        private JsonObject Measures(List<Share> techniques, List<Share> capabilities)
        {
            var measures = new JsonObject
            {
                ["account_count"] = _profile.Count(campaign.Accounts.Count), ["exchange_count"] = _profile.Count(campaign.ExchangeCount), ["extracting_count"] = _profile.Count(campaign.ExtractingCount),
                ["bits"] = Math.Round(campaign.Bits, 1), ["techniques"] = Shares(techniques), ["capabilities"] = Shares(capabilities),
                ["answers_by_capability"] = Counts(campaign.Exposure.ByCapability.Where(pair => TechniqueNames.Capabilities.Contains(pair.Key))),
                ["active_days"] = campaign.Days.Count,
            };
            if (campaign.Exposure.OutputTokens is { } output) measures["output_tokens"] = _profile.Count(output);
            if (campaign.Exposure.ReasoningTokens is { } reasoning) measures["reasoning_tokens"] = _profile.Count(reasoning);
            // Model names are the log's text.
            if (_profile.Identities) measures["answers_by_model"] = Counts(campaign.Exposure.ByModel);
            if (campaign.Days.Count > 0) measures["accounts_per_day"] = _profile.Count(campaign.Days.Max(day => day.AccountCount));
            // By day the public learns when; by the hour it would learn where.
            if (campaign.Indicators is { Hours.Count: 24 } rhythm && _profile.TimeUnit <= TimeSpan.FromHours(1))
                measures["hours_utc"] = new JsonArray([.. rhythm.Hours.Select(share => JsonValue.Create(Math.Round(share, 2)))]);
            var loads = campaign.Accounts.Select(account => account.ExtractingCount).Order().ToList();
            if (loads.Count > 0)
                measures["extracting_per_account"] = new JsonObject { ["q25"] = _profile.Count(loads[loads.Count / 4]), ["median"] = _profile.Count(loads[loads.Count / 2]), ["q75"] = _profile.Count(loads[loads.Count * 3 / 4]) };
            var skeletons = campaign.Families.Select(family => _redaction.Skeleton(family.Skeleton)).Where(skeleton => skeleton.Length > 0 && skeleton != Redaction.Slot).Distinct(StringComparer.Ordinal).Take(MostSkeletons).ToList();
            if (skeletons.Count > 0) measures["skeletons"] = new JsonArray([.. skeletons.Select(skeleton => JsonValue.Create(skeleton))]);
            foreach (var empty in measures.Where(pair => pair.Value is JsonObject { Count: 0 }).Select(pair => pair.Key).ToList()) measures.Remove(empty);
            return measures;
        }

        private string Observed(string id, List<string> observables) => builder.Add("observed-data", [id], new JsonObject
        {
            ["first_observed"] = _first, ["last_observed"] = _last, ["number_observed"] = Math.Clamp(_profile.Count(campaign.ExtractingCount), 1, 999_999_999), ["object_refs"] = Refs(observables),
        });

        private void Infrastructure(string id, string observed)
        {
            var infrastructure = Keep(builder.Add("infrastructure", [id], new JsonObject
            {
                ["name"] = "Addresses and networks of " + Name, ["infrastructure_types"] = new JsonArray("unknown"), ["first_seen"] = _first, ["last_seen"] = _last,
            }));
            Keep(builder.Relate(id, "uses", infrastructure));
            Keep(builder.Relate(infrastructure, "consists-of", observed));
        }

        private string Sighting(string indicator, ObservedValue? value, string? observed) => builder.Add("sighting", [indicator], new JsonObject
        {
            ["sighting_of_ref"] = indicator, ["where_sighted_refs"] = new JsonArray(builder.Producer),
            ["count"] = Math.Clamp(_profile.Count(value?.ExchangeCount ?? value?.AccountCount ?? campaign.ExtractingCount), 1, 999_999_999),
            ["first_seen"] = value is null ? _first : Redacted(request, value.First), ["last_seen"] = value is null ? _last : Redacted(request, value.Last),
            ["observed_data_refs"] = observed is null ? null : new JsonArray(observed),
        });

        /// <summary>The provider's own accounts that are to be acted on, as a sighting of the campaign with it; an end user as one, because the account that he goes through is other customers' as well.</summary>
        private void TellAccounts(string id, string provider)
        {
            var own = campaign.Accounts.Where(account => account.Source == provider && account.Probability >= AccountCsv.LeastProbability).ToList();
            if (own.Count == 0) return;
            var seen = Keep(builder.Add("observed-data", ["accounts", id], new JsonObject
            {
                ["first_observed"] = _first, ["last_observed"] = _last, ["number_observed"] = Math.Clamp(_profile.Count(own.Sum(account => account.ExtractingCount)), 1, 999_999_999),
                ["object_refs"] = Refs([.. own.Select(account => builder.AddObservable("user-account", User(account)))]),
            }));
            var where = Keep(builder.Add("identity", [provider], new JsonObject { ["name"] = provider, ["identity_class"] = "organization" }));
            Keep(builder.Add("sighting", ["accounts", id], new JsonObject
            {
                ["sighting_of_ref"] = id, ["where_sighted_refs"] = new JsonArray(where), ["observed_data_refs"] = new JsonArray(seen), ["count"] = own.Count,
                ["first_seen"] = _first, ["last_seen"] = _last,
            }));
        }

        private string Note(string id)
        {
            var text = new StringBuilder();
            var rows = new JsonArray();
            foreach (var row in campaign.Evidence)
            {
                text.Append(Figures.Bits(row.Bits)).Append(" bits: ").Append(_redaction.Sentence(row.Text)).Append('\n');
                var entry = new JsonObject { ["block"] = _redaction.Sentence(row.Block), ["kind"] = _redaction.Sentence(row.Kind), ["bits"] = row.Bits };
                if (row.AccountCount is { } accounts) entry["account_count"] = _profile.Count(accounts);
                rows.Add((JsonNode)entry);
            }

            return builder.Add("note", [id], new JsonObject
            {
                ["abstract"] = "The evidence, row by row",
                ["content"] = $"{text}{Figures.Bits(campaign.Bits)} bits in all; confidence = 1 / (1 + 2^-bits). One bit doubles the odds.",
                ["object_refs"] = new JsonArray(id), ["extensions"] = rows.Count == 0 ? null : StillhuntExtension.Entry(new JsonObject { ["evidence"] = rows }),
            });
        }

        private static JsonObject Shares(List<Share> shares) => new(shares.Select(share => KeyValuePair.Create(share.Id, (JsonNode?)Math.Round(share.Value, 2))));

        private JsonObject Counts(IEnumerable<KeyValuePair<string, long>> counts) => new(counts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)_profile.Count(pair.Value))));

        private static JsonArray Refs(IReadOnlyList<string> ids) => [.. ids.Select(id => JsonValue.Create(id))];
    }
}
