using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>What our ids mean, for a reader who has never seen them. An id that isn't listed is shown as it stands.</summary>
public static class Glossary
{
    public static readonly IReadOnlyList<(string Term, string Meaning)> Terms =
    [
        ("Account", "What the provider bills. One operator can hold thousands."),
        ("Bit", "The unit of evidence. One bit doubles the odds, ten bits multiply them by about a thousand; a negative number speaks against."),
        ("Campaign", "One or more accounts with one operator, and the part of their traffic that extracts, over time."),
        ("Cap", "A row that takes off what evidence adds up to beyond the most that it may count, so that no single axis decides. It is arithmetic and no evidence; campaigns.json calls its block calibration."),
        ("Capability", "What an exchange takes from the model: coding, reasoning, grading and so on."),
        ("Cleared group", "Accounts that share much and did not reach the evidence that a suspicion needs, with what they look like most (a class, a company, an application, a carrier's network), or that hold an entitlement. Cleared is not proven honest."),
        ("Exchange", "One request to the model and its response."),
        ("Exposure", "What a campaign obtained: answers and tokens, by capability and model. Refused requests do not count."),
        ("Extracting exchange", "An exchange that belongs to the campaign's own workload. What the same accounts sent besides is not counted."),
        ("Family", "Exchanges whose prompts share one skeleton, whatever fills its slots."),
        ("Operator", "The party behind one or many accounts. Stillhunt shows that there is one, not who it is."),
        ("Prior", "The odds before any evidence: how rare such campaigns are assumed to be among the groups that were looked at."),
        ("Skeleton, slot", "The words of a prompt that stay the same, and the places (‹…›) where the content changes from one exchange to the next."),
        ("Technique", "How an exchange extracts, for example by asking the model to write out its reasoning or to grade answers."),
    ];

    private static readonly Dictionary<string, string> Techniques = new(StringComparer.Ordinal)
    {
        ["reasoning-elicitation"] = "asks for the steps of thought as well as the answer",
        ["reasoning-reconstruction"] = "hands in a finished answer and asks for the reasoning that leads to it",
        ["reasoning-coercion"] = "forces hidden reasoning into the open, by pretexts or by fixing its language or form",
        ["grading"] = "has answers scored or compared, as a reward model needs",
        ["task-synthesis"] = "has new tasks invented from seeds, personas or earlier tasks",
        ["trajectory-harvest"] = "collects the steps of agents, tools or computer use",
        ["alignment-rewrite"] = "pairs sensitive prompts with safe answers",
        ["trace-cleaning"] = "sends text written by a model back to be tidied",
        ["capability-probing"] = "maps what the model can do",
        ["handle-replay"] = "passes in a reasoning handle that was issued elsewhere",
        ["wrapper-harvest"] = "puts ever new content through one fixed wrapper",
        ["technique-search"] = "tries many variants of a request until one works",
        ["parameter-harvest"] = "asks for several samples, probabilities, or output always at its limit",
    };

    private static readonly Dictionary<string, string> Absences = new(StringComparer.Ordinal)
    {
        ["payment"] = "shared payment methods could not be looked for",
        ["payment_issuer"] = "card issuers could not be compared",
        ["ip"] = "shared addresses and networks could not be looked for",
        ["asn"] = "shared network operators could not be looked for",
        ["asn_org"] = "network operators have no names where no asn stands beside",
        ["pathway"] = "ways of access (API, console, cloud, reseller) could not be told apart; no finding rests on them",
        ["id"] = "repeated records could not be told from new ones, and no example can be looked up",
        ["stop"] = "answers that were declined could be known by their status only",
        ["network"] = "shared addresses and networks could not be looked for",
        ["country"] = "countries could not be compared",
        ["client"] = "client software could not be compared",
        ["tls"] = "a client could not be checked against its TLS fingerprint",
        ["headers"] = "a client could not be checked against its header order",
        ["created"] = "sign-ups close in time could not be looked for",
        ["email"] = "patterns of mail addresses could not be looked for",
        ["email_domain"] = "shared mail domains could not be looked for",
        ["email_shape"] = "patterns of mail addresses could not be looked for",
        ["phone"] = "shared telephone numbers could not be looked for",
        ["organization"] = "declared organisations could not speak for or against anyone",
        ["verified"] = "verified identities could not speak for anyone",
        ["program"] = "education and research programmes could not speak for anyone",
        ["entitlement"] = "licences and agreements could not speak for anyone",
        ["closed"] = "hand-over from closed to new accounts could not be looked for",
        ["prompt"] = "families of prompts and techniques could not be looked for",
        ["messages"] = "families of prompts and techniques could not be looked for",
        ["system"] = "shared system prompts could not be looked for",
        ["tools"] = "shared tool sets could not be looked for",
        ["params"] = "request settings could not be compared",
        ["params.temperature"] = "request settings could be compared in part only",
        ["params.max_tokens"] = "output always at its limit could not be looked for",
        ["params.n"] = "several answers to one prompt could not be looked for",
        ["params.logprobs"] = "requests for token probabilities could not be looked for",
        ["params.thinking"] = "request settings could be compared in part only",
        ["usage.input"] = "the length of requests in tokens is unknown; no finding rests on it",
        ["usage.output"] = "tokens could not be counted, so the exposure is in answers only",
        ["usage.reasoning"] = "reasoning tokens could not be counted",
        ["response"] = "answers could not be looked at",
        ["usage"] = "tokens could not be counted, so the exposure is in answers only",
        ["reasoning"] = "reasoning tokens could not be counted",
        ["conversation"] = "follow-up within conversations could not be judged",
        ["reasoning_ref"] = "replayed reasoning handles could not be looked for",
        ["status"] = "refused requests could not be told from answered ones",
        ["model"] = "moves to a new model could not be looked for",
        ["key"] = "API keys could not be told apart",
        ["end_user"] = "the users behind an account could not be told apart",
        ["limit"] = "shared limits could not be looked for",
    };

    /// <summary>A capability as a noun for a sentence.</summary>
    public static string Capability(string id) => id switch
    {
        "agentic" => "agentic work",
        "safety-sensitive" => "safety-sensitive answers",
        _ => Wording.Spoken(id),
    };

    /// <summary>What a cleared group looks like, as a heading; an id that we don't know as it stands.</summary>
    public static string Lookalike(string id) => id switch
    {
        "licensed" => "Licensed by an entitlement",
        "evaluation" => "Evaluation or benchmark run",
        "company-seats" => "Seats of one company",
        "batch-job" => "Batch job",
        "viral-prompt" => "Prompt that went round",
        "byok-app" => "Application whose users bring their own keys",
        "grading-tutoring" => "Grading or tutoring",
        "prompts-not-logged" => "Means in common, prompts not logged",
        "shared-network" => "Shared network",
        "reseller" => "Reseller, or another account with customers of its own",
        _ => Wording.Spoken(id),
    };

    /// <summary>The terms, and the techniques that a result names, for the glossary of its report.</summary>
    public static IEnumerable<(string Term, string Meaning)> For(ScanResult result) =>
        Terms.Concat(result.Campaigns.Concat(result.Suspected).SelectMany(campaign => campaign.Techniques)
            .Select(technique => technique.Id).Distinct(StringComparer.Ordinal).Where(Techniques.ContainsKey)
            .Select(id => (Capitalised(Wording.Spoken(id)), $"A technique: {Techniques[id]}.")))
            .OrderBy(entry => entry.Item1, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a technique does, or null for an id that we don't know.</summary>
    public static string? Technique(string id) => Techniques.GetValueOrDefault(id);

    /// <summary>What detection lacks where no record held the field.</summary>
    public static string Absence(string field) =>
        Absences.GetValueOrDefault(field) ?? $"evidence from “{OutputText.Terminal(field, 60)}” is missing";

    private static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>Heading of an evidence block.</summary>
    public static string Block(string block) => block switch
    {
        "prior" => "Prior",
        "registration" => "Registration and payment",
        "network" => "Network",
        "client" => "Client",
        "content" => "Content",
        "time" => "Time and hand-over",
        "extraction" => "Extraction",
        "contrary" => "To the contrary",
        "intelligence" => "Intelligence of others",
        "calibration" => "Cap",
        "reliability" => "Measured reliability",
        _ => Wording.Spoken(block),
    };
}
