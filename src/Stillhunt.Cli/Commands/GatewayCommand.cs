using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Response.Canaries;
using Stillhunt.Server.Gateway;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt gateway</c>: carries out decisions in front of a model's API.</summary>
internal static class GatewayCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var (defaults, limits) = (new AccountRule(), new GatewayLimits());
        var upstream = new Option<string>("--upstream") { Description = "The OpenAI- or Anthropic-compatible endpoint to stand in front of.", HelpName = "URL", Required = true };
        var server = new Option<string>("--server") { Description = "Address of 'stillhunt serve', which decides and takes the exchanges.", HelpName = "URL", Required = true };
        var serverKey = new FileOption<string?>("--server-key-file", FileUse.Read) { Description = "File with a key of the server, with the scopes ingest and decide (stillhunt keys add).", HelpName = "FILE" };
        var fail = new Option<string>("--fail") { Description = "While no decision can be had and none was of late: open lets requests through unchanged, closed refuses them with 503.", HelpName = "open|closed", Required = true };
        fail.AcceptOnlyFromAmong("open", "closed");
        var urls = new Option<string[]>("--urls") { Description = "Where to listen. Beyond loopback https is needed, or --plain-http.", HelpName = "URL", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["http://127.0.0.1:8088"] };
        var admin = new Option<string>("--admin-url") { Description = "Where /healthz, /readyz and /metrics are told; loopback only.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8089" };
        var certificate = new FileOption<string?>("--certificate", FileUse.Read) { Description = "PEM certificate for https urls.", HelpName = "FILE" };
        var certificateKey = new FileOption<string?>("--certificate-key", FileUse.Read) { Description = "PEM key of the certificate, if it is not in the same file.", HelpName = "FILE" };
        var plain = new Option<bool>("--plain-http") { Description = "Allow plain http beyond loopback, where a proxy in front ends TLS." };
        var keyHeader = new Option<string[]>("--key-header") { Description = $"Header with the API key; its SHA-256 in hex is the account. Name all in which the provider takes a key; different keys in one request are refused. May be given often. Default: {string.Join(", ", defaults.KeyHeaders)}.", HelpName = "NAME" };
        var accountHeader = new Option<string?>("--account-header") { Description = "Header that names the account, in place of the key's hash. A proxy in front must set it, and remove what clients send under that name.", HelpName = "NAME" };
        var accountField = new Option<string?>("--account-field") { Description = "Dotted path into the request's body to take as the account, such as safety_identifier or metadata.user_id.", HelpName = "PATH" };
        var region = new Option<string?>("--region-header") { Description = "Header with the client's country, set by a proxy in front.", HelpName = "NAME" };
        var address = new Option<string?>("--address-header") { Description = "Header with the client's address, to which proxies in front append (X-Forwarded-For). What the last of them wrote counts.", HelpName = "NAME" };
        var proxies = new Option<int>("--address-proxies") { Description = "How many proxies in front append to the header with the address: so many entries from the right stands the client's.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var source = new Option<string?>("--source") { Description = "Source under which accounts are asked about and reported.", HelpName = "NAME" };
        var help = new Option<string?>("--help-url") { Description = "Page where a customer that is challenged, held or suspended can act; stands in the error.", HelpName = "URL" };
        var decideTime = new Option<int>("--decide-timeout") { Description = "Milliseconds that a decision may take.", HelpName = "MS", DefaultValueFactory = _ => (int)limits.DecideTime.TotalMilliseconds };
        var decideKept = new Option<double>("--decide-kept") { Description = "Seconds that a decision is used again.", HelpName = "SECONDS", DefaultValueFactory = _ => limits.DecideKept.TotalSeconds };
        var remembered = new Option<double>("--decide-remembered") { Description = "Seconds for which the last decision about an account is used while none can be had.", HelpName = "SECONDS", DefaultValueFactory = _ => limits.DecideRemembered.TotalSeconds };
        var time = new Option<double>("--upstream-timeout") { Description = "Seconds until the provider has to begin to answer.", HelpName = "SECONDS", DefaultValueFactory = _ => limits.UpstreamTime.TotalSeconds };
        var silence = new Option<double>("--upstream-silence") { Description = "Seconds that may pass between two pieces of an answer.", HelpName = "SECONDS", DefaultValueFactory = _ => limits.UpstreamSilence.TotalSeconds };
        var body = new Option<long>("--request-limit") { Description = "Megabytes that a request may have.", HelpName = "MB", DefaultValueFactory = _ => limits.RequestBytes >> 20 };
        var queue = new Option<long>("--report-queue") { Description = "Megabytes of exchanges that wait to be reported; beyond it they are dropped and counted.", HelpName = "MB", DefaultValueFactory = _ => limits.ReportQueueBytes >> 20 };
        var canaryKeys = new FileOption<string?>("--canary-key-file", FileUse.Read) { Description = "Keys by which answers are marked for accounts whose verdict asks for it (stillhunt canary key); the last one is used.", HelpName = "FILE" };
        var canaryRecord = new FileOption<string?>("--canary-record", FileUse.Kept) { Form = OutputForm.Any, Description = "File to which it is appended how many marks each campaign was served; this gateway's own.", HelpName = "FILE" };
        var command = new TaughtCommand("gateway",
            "Stand in front of a model's API as a streaming proxy, and carry out what 'stillhunt serve' decides.",
            $"""
            Without a verdict requests and answers pass byte for byte, each piece when it comes. Under one: reasoning is withheld or
            replaced by a sentence, logprobs, candidates and seeds are stripped, requests and output tokens are capped, and verify,
            hold and suspend answer 403 in the API's own error shape. Exchanges are reported to the server behind the answers.
            Known: OpenAI Chat Completions and Responses, Anthropic Messages. Other paths pass.

            Examples:
              stillhunt serve --store stillhunt.db --policy policies/enforce.yaml
              stillhunt gateway --upstream https://api.example.com --server http://127.0.0.1:8087 --fail open
              curl http://127.0.0.1:8088/v1/chat/completions -H "Authorization: Bearer $KEY" -d @request.json
              curl http://127.0.0.1:8089/metrics

            docs/gateway.md says what is done to which field, and what it costs.
            {ExitCodes.Meaning}
            """);
        foreach (var option in new Option[] { upstream, server, fail, serverKey, urls, admin, keyHeader, accountHeader, accountField, region, address, proxies, source, help, certificate, certificateKey, plain, decideTime, decideKept, remembered, time, silence, body, queue, canaryKeys, canaryRecord }) command.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(accountHeader) is not null && parsed.GetValue(accountField) is not null) throw new UsageException("Give --account-header or --account-field, not both.");
            if (parsed.GetValue(canaryKeys) is null != parsed.GetValue(canaryRecord) is null) throw new UsageException("Give --canary-key-file and --canary-record together: a mark that is not noted proves nothing.");
            var options = new GatewayOptions
            {
                Upstream = Address(parsed.GetValue(upstream)!, "--upstream"), Server = Address(parsed.GetValue(server)!, "--server"), FailClosed = parsed.GetValue(fail) == "closed",
                ServerKey = parsed.GetValue(serverKey) is { } file ? Key(file) : null,
                Urls = [.. parsed.GetValue(urls)!.SelectMany(list => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))], AdminUrl = parsed.GetValue(admin)!,
                Certificate = parsed.GetValue(certificate), CertificateKey = parsed.GetValue(certificateKey), PlainHttp = parsed.GetValue(plain),
                Account = new AccountRule { Header = parsed.GetValue(accountHeader), BodyField = parsed.GetValue(accountField), KeyHeaders = parsed.GetValue(keyHeader) is { Length: > 0 } named ? named : defaults.KeyHeaders },
                Canaries = parsed.GetValue(canaryKeys) is { } keys ? new GatewayCanaries(CanaryKeyFile.Load(keys), parsed.GetValue(canaryRecord)!) : null,
                RegionHeader = parsed.GetValue(region), AddressHeader = parsed.GetValue(address), AddressProxies = OptionRange.Check(parsed.GetValue(proxies), 1, 100, "--address-proxies"), Source = parsed.GetValue(source), HelpUrl = parsed.GetValue(help),
                Limits = limits with
                {
                    DecideTime = TimeSpan.FromMilliseconds(OptionRange.Check(parsed.GetValue(decideTime), 1, 600_000, "--decide-timeout")), DecideKept = TimeSpan.FromSeconds(OptionRange.Check(parsed.GetValue(decideKept), 0, 86_400, "--decide-kept")),
                    DecideRemembered = TimeSpan.FromSeconds(OptionRange.Check(parsed.GetValue(remembered), 0, 86_400, "--decide-remembered")),
                    UpstreamTime = TimeSpan.FromSeconds(OptionRange.Check(parsed.GetValue(time), 0.1, 86_400, "--upstream-timeout")), UpstreamSilence = TimeSpan.FromSeconds(OptionRange.Check(parsed.GetValue(silence), 0.1, 86_400, "--upstream-silence")),
                    RequestBytes = OptionRange.Check(parsed.GetValue(body), 1, 1024, "--request-limit") << 20, ReportQueueBytes = OptionRange.Check(parsed.GetValue(queue), 1, OptionRange.MostMegabytes, "--report-queue") << 20,
                },
            };
            return Serve(options, interrupted).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> Serve(GatewayOptions options, CancellationToken interrupted)
    {
        await using var gateway = await GatewayServer.Start(options, TimeProvider.System, interrupted);
        Console.Error.WriteLine($"stillhunt: gateway on {string.Join(' ', gateway.Urls)} in front of {options.Upstream}, fails {(options.FailClosed ? "closed" : "open")}; Ctrl-C ends it.");
        await gateway.Run(interrupted);
        return ExitCodes.Done;
    }

    private static Uri Address(string text, string option) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new UsageException($"{option} takes an http or https address, such as https://api.example.com, not '{text}'.");

    private static string Key(string file) => File.ReadAllText(file).Trim() is { Length: > 0 } key ? key : throw new UsageException($"The key file {file} is empty.");
}
