using System.Text.Json.Serialization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;

namespace Stillhunt.Server.Store;

/// <summary>Accounts under the names of the accounts file; unknown fields are left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountRecord))]
internal sealed partial class AccountJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<PromptPart>))]
internal sealed partial class PromptJson : JsonSerializerContext;

/// <summary>The published names, as in campaigns.json.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrackedCampaign))]
[JsonSerializable(typeof(Campaign))]
[JsonSerializable(typeof(AccessSummary))]
internal sealed partial class LedgerJson : JsonSerializerContext;
