using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Recognises a replacement account of a known campaign from its first exchanges, on their way in: an account that detection has not seen yet and that
/// sends a campaign's prompts. How sure that is gets counted here: of the accounts that sent them since, how many are the campaign's and how many are
/// others that were there before.
/// </summary>
internal sealed partial class SuccessionWatch
{
    /// <summary>Matching exchanges that make a replacement, and the share of what it sent since the first of them.</summary>
    public const int LeastMatched = 3;

    private const double LeastShare = 0.5;

    /// <summary>Below as likely as not nothing is ascribed to anybody; verdicts hold for accounts from here on too.</summary>
    private const double LeastProbability = 0.5;

    /// <summary>Accounts remembered; beyond it those that were met first are forgotten, and may be met again.</summary>
    private const int MostAccounts = 100_000;

    private readonly CampaignBook _book;
    private readonly DetectionLoop _detection;
    private readonly ILogger _log;
    private readonly Dictionary<(AccountId Account, string Campaign), Seen> _seen = [];
    private readonly Queue<(AccountId Account, string Campaign)> _order = new();
    private readonly Dictionary<string, (int Members, int Others)> _met = new(StringComparer.Ordinal);
    private readonly List<(string Campaign, Successor Successor)> _found = [];
    private IReadOnlyList<TrackedCampaign>? _indexed;
    private RecipeIndex _index = new([]);

    private enum Standing { Fresh, Member, Other }

    private sealed class Seen
    {
        public required Standing Standing { get; init; }
        public long Exchanges { get; set; }
        public long Matched { get; set; }
        public bool Counted { get; set; }
    }

    public SuccessionWatch(CampaignBook book, DetectionLoop detection, ILogger log) => (_book, _detection, _log) = (book, detection, log);

    /// <summary>Takes up what changed of the campaigns; before each batch, on the intake's thread as all of this.</summary>
    public void Begin()
    {
        _found.Clear();
        var campaigns = _book.Campaigns;
        if (ReferenceEquals(campaigns, _indexed)) return;
        _indexed = campaigns;
        _index = new RecipeIndex(campaigns);
    }

    /// <summary>Looks at an exchange that is counted.</summary>
    public void Look(Exchange exchange, string source)
    {
        if (_index.Campaigns.Count == 0) return;
        var matched = _index.Match(exchange);
        if (matched.Count == 0 && _seen.Count == 0) return;
        var account = new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        for (var i = 0; i < _index.Campaigns.Count; i++)
        {
            var campaign = _index.Campaigns[i];
            var isMatch = matched.Contains(i);
            if (!_seen.TryGetValue((account, campaign.Id), out var seen))
            {
                if (!isMatch) continue;
                seen = Meet(account, campaign);
            }

            seen.Exchanges++;
            if (isMatch) seen.Matched++;
            if (seen.Counted || seen.Matched < LeastMatched || seen.Matched < LeastShare * seen.Exchanges) continue;
            seen.Counted = true;
            Count(account, campaign, seen);
        }
    }

    /// <summary>Tells the ledger whom the batch, which is durable now, gave away.</summary>
    public void End()
    {
        foreach (var group in _found.GroupBy(found => found.Campaign, found => found.Successor, StringComparer.Ordinal))
        {
            try
            {
                _book.Succeed(group.Key, [.. group]);
            }
            catch (IOException fault)
            {
                // The traffic is kept, and detection will find them in it.
                NotKept(_log, fault.Message);
            }
        }

        _found.Clear();
    }

    private Seen Meet(AccountId account, TrackedCampaign campaign)
    {
        while (_seen.Count >= MostAccounts && _order.TryDequeue(out var oldest)) _seen.Remove(oldest);
        var standing = campaign.Members.Any(member => member.Account == account) ? Standing.Member : _detection.Use.ContainsKey(account) ? Standing.Other : Standing.Fresh;
        var seen = new Seen { Standing = standing };
        _seen.Add((account, campaign.Id), seen);
        _order.Enqueue((account, campaign.Id));
        return seen;
    }

    private void Count(AccountId account, TrackedCampaign campaign, Seen seen)
    {
        var (members, others) = _met.GetValueOrDefault(campaign.Id);
        if (seen.Standing == Standing.Member) members++;
        if (seen.Standing == Standing.Other) others++;
        _met[campaign.Id] = (members, others);
        if (seen.Standing != Standing.Fresh) return;
        // Laplace's rule of succession: before anybody was met it is as likely as not.
        var probability = (members + 1.0) / (members + others + 2.0);
        if (probability >= LeastProbability) _found.Add((campaign.Id, new Successor(account, probability, seen.Matched)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replacement accounts were recognised and could not be kept: {Fault}")]
    private static partial void NotKept(ILogger log, string fault);
}
