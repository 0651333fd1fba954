using BenchmarkDotNet.Running;
using Stillhunt.Bench;
using Stillhunt.Bench.Dilution;
using Stillhunt.Bench.Duels;
using Stillhunt.Bench.Scaling;

switch (args.FirstOrDefault())
{
    case "whole-scan":
        return WholeScan.Run(args[1..]);
    case "decide":
        return DecisionLoad.Run(args[1..]);
    case "bare" when args.Length == 2:
        return await BareEndpoint.Serve(args[1]);
    case "upstream" when args.Length == 2:
        return await GatewayLoad.Serve(args[1]);
    case "gateway":
        return await GatewayLoad.Run(args[1..]);
    case "feed":
        return await LiveFeed.Run(args[1..]);
    case "quick":
        return QuickLooks.Run(args[1..]);
    case "soak":
        return await Soak.Run(args[1..]);
    case "intel":
        return IntelAblation.Run(args[1..]);
    case "taxii":
        return await TaxiiPages.Run(args[1..]);
    case "stages":
        // In this process: a generated project would not find its way through central packages and the common output folder.
        BenchmarkSwitcher.FromTypes([typeof(StageBenchmarks)]).Run(["--inProcess", "--filter", "*", .. args[1..]]);
        return 0;
    case "reading":
        return WholeScan.Read(args[1..]);
    case "ablation":
        return Ablation.Run(args[1..]);
    case "ablation-table":
        return Ablation.Print(args[1..]);
    case "dilution":
        return DilutionScores.Run(args[1..]);
    case "dilution-curves":
        return DilutionCurves.Run(args[1..]);
    case "duel-curves":
        return DuelCurves.Run(args[1..]);
    case "scaling-plot":
        return ScalingPlot.Run(args[1..]);
    case "quiet-stages":
        return QuietStages.Print(args[1..]);
    default:
        Console.Error.WriteLine("usage: stages [BenchmarkDotNet's options] | quiet-stages [LOG [LINES [STAGE]]] | reading LOG [THREADS] | whole-scan [EXCHANGES, default 1000000] [THREADS] | decide http|bare|redis HOST:PORT CONNECTIONS SECONDS [RATE] | bare URL | feed URL EXCHANGES RATE | quick EXCHANGES [SAMPLES...] | soak URL MINUTES RATE | upstream URL | gateway DIRECT-URL GATEWAY-URL REQUESTS | taxii COLLECTION-URL OBJECTS | intel GROUP-KEY SHARE FOLDER... | ablation FINDINGS.csv MIXTURE... | ablation-table FINDINGS.csv... | dilution FOLDER SCORES.csv ACCOUNTS [spread] | dilution-curves CURVES.csv CURVES.svg SCORES.csv... | duel-curves CURVES.csv CURVES.svg DUEL.json... | scaling-plot CURVES.csv CURVES.svg");
        return 2;
}
