using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stillhunt.Campaigns;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stillhunt.Response;

/// <summary>Reads a policy (YAML; policies/policy.schema.json is its schema). All faults are told together, with their lines.</summary>
public static class PolicyFile
{
    private const int Version = 1;

    /// <summary>A policy is a page or two; deeper or longer is no policy.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>The policy, or null where anything is wrong.</summary>
    public static Policy? Load(string path, out IReadOnlyList<YamlFault> faults)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                faults = [new YamlFault(0, null, $"The policy {path} is longer than a megabyte.")];
                return null;
            }

            return Read(File.ReadAllText(path), Path.GetFileName(path), out faults);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            faults = [new YamlFault(0, null, $"The policy {path} can't be read: {refused.Message}")];
            return null;
        }
    }

    /// <inheritdoc cref="Load"/>
    public static Policy? Read(string text, string name, out IReadOnlyList<YamlFault> faults)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<YamlFault>();
        faults = found;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new MergingParser(new Parser(new StringReader(text))));
            if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            {
                found.Add(new YamlFault(1, null, "A policy is one document with fields such as version, mode, campaigns and access."));
                return null;
            }

            var policy = Read(new YamlFields(root, "", found), name, text);
            return found.Count == 0 ? policy : null;
        }
        catch (YamlException broken)
        {
            found.Add(new YamlFault(broken.Start.Line, null, $"This is no valid YAML: {broken.Message}"));
            return null;
        }
    }

    private static Policy Read(YamlFields root, string name, string text)
    {
        root.OnlyKnows("version", "mode", "hold_out", "delay", "brake", "campaigns", "access");
        if (root.Whole("version", 1, long.MaxValue) is var version && version != Version) root.Fault("version", version is null ? "version: 1 must be given." : $"Only version {Version} is known.");
        var mode = root.Text("mode");
        if (mode is not (null or "shadow" or "enforce")) root.Fault("mode", "mode is shadow (nothing is done) or enforce.");
        var delay = root.Inner("delay");
        delay?.OnlyKnows("least", "most");
        var (least, most) = (delay?.Span("least") ?? TimeSpan.Zero, delay?.Span("most") ?? TimeSpan.Zero);
        if (least > most) delay!.Fault("least", "least must not be longer than most.");
        var brake = root.Inner("brake");
        brake?.OnlyKnows("account_share", "verified");
        var rules = (Campaigns: Rules(root, "campaigns", ofCampaign: true), Access: Rules(root, "access", ofCampaign: false));
        foreach (var again in rules.Campaigns.Concat(rules.Access).Where(one => one.Rule.Id.Length > 0).GroupBy(one => one.Rule.Id).SelectMany(named => named.Skip(1)))
            again.Node.Fault("rule", $"Two rules are named {again.Rule.Id}; verdicts and approvals name a rule, so each needs a name of its own.");
        return new Policy
        {
            Name = name,
            Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Enforce = mode == "enforce",
            HoldOut = root.Share("hold_out") ?? 0,
            LeastDelay = least,
            MostDelay = most,
            Brake = new PolicyBrake
            {
                AccountShare = brake?.Share("account_share") ?? new PolicyBrake().AccountShare,
                Verified = (int)(brake?.Whole("verified", 0, int.MaxValue) ?? new PolicyBrake().Verified),
            },
            CampaignRules = [.. rules.Campaigns.Select(one => one.Rule)],
            AccessRules = [.. rules.Access.Select(one => one.Rule)],
        };
    }

    private static List<(YamlFields Node, PolicyRule Rule)> Rules(YamlFields root, string name, bool ofCampaign) => [.. root.Items(name).Select(node => (node, Rule(node, ofCampaign)))];

    private static PolicyRule Rule(YamlFields node, bool ofCampaign)
    {
        node.OnlyKnows("rule", "when", "then", "lasts", "approval");
        var when = node.Inner("when") is { } inner ? Condition(inner, ofCampaign) : new RuleCondition();
        if (!node.Has("when") || node.Inner("when") is { IsEmpty: true }) node.Fault("when", "A rule needs when: with at least one condition; a rule about everybody is none.");
        if (!ofCampaign && node.Has("approval")) node.Fault("approval", "An access rule waits for nobody but the brake; approval stands with rules about campaigns.");
        if (!ofCampaign && when.NeedsCampaign)
            node.Fault("when", "An access rule applies without a campaign, so it can't ask for confidence, probability, accounts, exposure, technique or confirmed; put it under campaigns.");
        var read = node.Obligations("then");
        var then = read ?? [];
        // Honest customers are never marked, because no rule that could name them may ask for it.
        if (then.Any(obligation => obligation.Action == ResponseAction.Canary) && !(ofCampaign && (when.Confidence >= Detector.Flagged || when.Confirmed == true)))
            node.Fault("then", string.Create(CultureInfo.InvariantCulture, $"canary stands only in a rule about campaigns whose when: asks for a confidence of at least {Detector.Flagged} or for confirmed: true."));
        if (read is { Count: 0 }) node.Fault("then", $"A rule needs then: with at least one of {string.Join(", ", ResponseActionIds.All)}.");
        var lasts = node.Span("lasts");
        if (lasts <= TimeSpan.Zero) node.Fault("lasts", "lasts must be longer than nothing.");
        var id = node.Text("rule");
        if (string.IsNullOrWhiteSpace(id)) node.Fault("rule", "A rule needs a name: rule: some-name.");
        return new PolicyRule
        {
            Id = id ?? "", When = when, Then = then.Count > 0 ? then : [new Obligation(ResponseAction.Observe)],
            Lasts = lasts ?? TimeSpan.FromDays(7), NeedsApproval = node.Flag("approval") ?? false,
        };
    }

    private static RuleCondition Condition(YamlFields node, bool ofCampaign)
    {
        // Accounts of a campaign are judged by all that is known of it, not by their registration alone.
        string[] signup = ofCampaign ? [] : ["signup"];
        node.OnlyKnows(["confidence", "probability", "accounts", "exposure", "technique", "technique_share", "confirmed", "program", "region", "owner_country", "tier", "model",
            "younger_than", "older_than", "verified", "organization", "entitled", "usage", .. signup]);
        var exposure = node.Inner("exposure");
        exposure?.OnlyKnows("exchanges", "output_tokens", "reasoning_tokens");
        return new RuleCondition
        {
            Confidence = node.Share("confidence"),
            Probability = node.Share("probability"),
            Accounts = node.Whole("accounts", 1, long.MaxValue),
            Exchanges = exposure?.Whole("exchanges", 0, long.MaxValue),
            OutputTokens = exposure?.Whole("output_tokens", 0, long.MaxValue),
            ReasoningTokens = exposure?.Whole("reasoning_tokens", 0, long.MaxValue),
            Techniques = node.Techniques("technique"),
            TechniqueShare = node.Share("technique_share"),
            Confirmed = node.Flag("confirmed"),
            Programs = node.Texts("program"),
            Regions = node.Texts("region"),
            OwnerCountries = node.Texts("owner_country"),
            Tiers = node.Texts("tier"),
            Models = node.Texts("model"),
            YoungerThan = node.Span("younger_than"),
            OlderThan = node.Span("older_than"),
            Verified = node.Flag("verified"),
            Organization = node.Flag("organization"),
            Entitled = node.Flag("entitled"),
            Signup = ofCampaign ? null : node.Share("signup"),
            Usage = node.Number("usage", 0, double.MaxValue),
        };
    }
}
