using System.CommandLine;
using System.Runtime;
using Stillhunt.Cli.Files;
using Stillhunt.Response;
using Stillhunt.Server;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Endpoints;
using Stillhunt.Server.Store.Sqlite;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt serve</c>: the detector, live.</summary>
internal static class ServeCommand
{
    /// <summary>
    /// Pool threads that are there at once. Timers and some endpoints wait for the store's disk; with as many threads as processors, which is what .NET begins with, two of
    /// them would hold up every decision until it makes another, half a second later.
    /// </summary>
    private const int LeastThreads = 16;

    public static Command Make(CancellationToken interrupted)
    {
        var store = new StoreOption();
        var urls = new Option<string[]>("--urls") { Description = "Where to listen. Beyond loopback keys are needed, and https or --plain-http.", HelpName = "URL", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["http://127.0.0.1:8087"] };
        var certificate = new FileOption<string?>("--certificate", FileUse.Read) { Description = "PEM certificate for https urls.", HelpName = "FILE" };
        var certificateKey = new FileOption<string?>("--certificate-key", FileUse.Read) { Description = "PEM key of the certificate, if it is not in the same file.", HelpName = "FILE" };
        var plain = new Option<bool>("--plain-http") { Description = "Allow plain http beyond loopback, where a proxy in front ends TLS." };
        var policy = new FileOption<string?>("--policy", FileUse.Read) { Description = "What to do about campaigns and access (policies/shadow.yaml, policies/enforce.yaml). Default: watch only.", HelpName = "FILE" };
        var tail = new Option<string[]>("--tail") { Description = "Files, globs or folders to follow, in any format that scan reads; JSON Lines, not compressed. May be given often.", HelpName = "PATH" };
        var config = new FileOption<string?>("--config", FileUse.Read) { Description = "Who is told of events (webhooks, syslog), what is published, and whose indicators are looked for (docs/serve.md, docs/sharing.md).", HelpName = "FILE" };
        var account = new Option<string?>("--account-field") { Description = "Dotted path of the field to take as the account; or several with commas between, of which the first that a record fills counts. A record that fills none is refused and counted: the format's own rule is no silent fallback.", HelpName = "PATH,..." };
        var retention = new Option<int>("--retention") { Description = "Days of traffic to keep, counted from the newest exchange.", HelpName = "DAYS", DefaultValueFactory = _ => new ServeLimits().RetentionDays };
        var interval = new Option<double>("--interval") { Description = "Seconds to rest between two rounds of detection, and between two quick looks.", HelpName = "SECONDS", DefaultValueFactory = _ => new DetectionPace().Interval.TotalSeconds };
        var leaveOut = new LeaveOutOption();
        var prevalence = new PrevalenceOption();
        var limit = new Option<long?>("--store-limit") { Description = "Megabytes that the store may grow to; what does not fit is refused with 507. Default: the disk.", HelpName = "MB" };
        var rate = new Option<double?>("--key-rate") { Description = "Requests a second that a key may make that has no rate of its own; more are answered with 429. Requests for decisions do not count. Default: no limit.", HelpName = "N" };
        var decideRate = new Option<double?>("--decide-rate") { Description = "Requests for decisions a second that a key may make; more are answered with 429. A gateway asks as often as its clients do: one of them could use it up for all. Default: no limit.", HelpName = "N" };
        var prompts = new Option<int>("--keep-prompts") { Description = "Days for which prompts are kept in full, for people to look at (GET /v1/accounts/ID/prompts, scope admin). Default: none are.", HelpName = "DAYS" };
        var command = new TaughtCommand("serve",
            "Take traffic in over HTTP, keep campaigns as they run, and give decisions.",
            $"""
            Examples:
              stillhunt serve --store stillhunt.db
              curl -X POST --data-binary @log.jsonl http://127.0.0.1:8087/v1/exchanges
              curl http://127.0.0.1:8087/v1/campaigns

            docs/serve.md lists the endpoints, docs/security.md what guards them.
            {ExitCodes.Meaning}
            """);
        store.AddTo(command);
        foreach (var option in new Option[] { urls, policy, tail, config, certificate, certificateKey, plain, account, retention, interval, limit, rate, decideRate, prompts }) command.Add(option);
        leaveOut.AddTo(command);
        prevalence.AddTo(command);
        command.SetAction(parsed =>
        {
            var configured = parsed.GetValue(config) is { } file ? Configured(file) : new ServeConfig();
            var options = new ServeOptions
            {
                StorePath = store.Path(parsed),
                Urls = [.. parsed.GetValue(urls)!.SelectMany(list => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
                Certificate = parsed.GetValue(certificate), CertificateKey = parsed.GetValue(certificateKey), PlainHttp = parsed.GetValue(plain),
                Tail = parsed.GetValue(tail) ?? [],
                AccountField = ReadingOptions.AccountField(parsed.GetValue(account)), LeaveOut = leaveOut.Read(parsed), Calibration = prevalence.Read(parsed),
                PolicyPath = parsed.GetValue(policy) is { } path ? Checked(path) : null,
                Notices = configured.Notices, Sharing = configured.Sharing, Otlp = OtlpOptions.FromEnvironment(Environment.GetEnvironmentVariable),
                Limits = new ServeLimits
                {
                    RetentionDays = OptionRange.Check(parsed.GetValue(retention), 1, OptionRange.MostDays, "--retention"),
                    StoreBytes = parsed.GetValue(limit) is { } megabytes ? OptionRange.Check(megabytes, 1, OptionRange.MostMegabytes, "--store-limit") << 20 : null,
                    PromptDays = OptionRange.Check(parsed.GetValue(prompts), 0, OptionRange.MostDays, "--keep-prompts"),
                    KeyRate = parsed.GetValue(rate) is { } requests ? OptionRange.Check(requests, KeysCommand.LeastRate, KeysCommand.MostRate, "--key-rate") : null,
                    DecideRate = parsed.GetValue(decideRate) is { } decisions ? OptionRange.Check(decisions, KeysCommand.LeastRate, KeysCommand.MostRate, "--decide-rate") : null,
                },
                Pace = new() { Interval = TimeSpan.FromSeconds(OptionRange.Check(parsed.GetValue(interval), 0.1, 86_400, "--interval")) },
            };
            return Serve(options, store.Key(parsed), interrupted).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> Serve(ServeOptions options, Sketches.KeyedHash hash, CancellationToken interrupted)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), ports);
        SocketThreads.RunInline();
        // Collections of everything beside the running threads, not in their place.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        var store = SqliteStore.Open(options.StorePath, hash, exclusive: true, options.Limits.StoreBytes);
        StillhuntServer server;
        try
        {
            server = await StillhuntServer.Start(options, store, hash, TimeProvider.System, interrupted);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        await using (server)
        {
            Console.Error.WriteLine($"stillhunt: listening on {string.Join(' ', server.Urls)}, store {options.StorePath}; Ctrl-C ends it.");
            await server.Run(interrupted);
            if (server.Ready.IsFaulted) await server.Ready;
        }

        return ExitCodes.Done;
    }

    /// <summary>A policy with faults ends the start; later changes of the file are only refused.</summary>
    private static string Checked(string path)
    {
        if (PolicyFile.Load(path, out var faults) is null) throw YamlFaults.Tell(path, faults);
        return path;
    }

    private static ServeConfig Configured(string path) => ServeConfig.Load(path, out var faults) ?? throw YamlFaults.Tell(path, faults);
}
