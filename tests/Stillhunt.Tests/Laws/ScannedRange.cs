using Stillhunt.Campaigns;
using Stillhunt.Checkpoints;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Proving;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

/// <summary>Traffic of the range, made, read and scanned once; nothing is made before it is asked for.</summary>
public class ScannedRange : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-laws-").FullName;
    private readonly Lazy<string> _made;
    private readonly Lazy<Snapshot> _snapshot;
    private readonly Lazy<AccountsFile> _accounts;
    private readonly Lazy<ScanResult> _result;
    private readonly Lazy<RangeReport> _report;

    public ScannedRange(RangeOptions options)
    {
        _made = new(() =>
        {
            RangeFiles.Write(options, _folder);
            return Path.Combine(_folder, "traffic.jsonl");
        });
        _snapshot = new(() => Observe(TrafficPath).Snapshot);
        _accounts = new(() => AccountsFile.Load(Path.Combine(Path.GetDirectoryName(TrafficPath)!, RangeFiles.AccountsName)));
        _result = new(() => Pipeline.Detect(Snapshot, Accounts, KeyedHash.Fixed));
        _report = new(() => Score(Result));
    }

    public string TrafficPath => _made.Value;
    public Snapshot Snapshot => _snapshot.Value;
    public AccountsFile Accounts => _accounts.Value;
    public ScanResult Result => _result.Value;
    public RangeReport Report => _report.Value;

    public static Observation Observe(string path, Shard? shard = null, long mostSampled = Stillhunt.Profiles.Snapshot.MostSampled, int threads = 1) =>
        Pipeline.Observe(LogFiles.Find([new LogInput(path)]), new LogScanOptions { Shard = shard ?? Shard.Whole, Threads = threads }, KeyedHash.Fixed, mostSampled: mostSampled);

    public RangeReport Score(ScanResult result)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName() + ".json");
        File.WriteAllBytes(path, Json(result));
        return RangeScore.Score(Path.Combine(Path.GetDirectoryName(TrafficPath)!, RangeFiles.TruthName), path);
    }

    public static byte[] Json(ScanResult result)
    {
        using var json = new MemoryStream();
        ScanResultJson.Write(json, result);
        return json.ToArray();
    }

    public static byte[] Part(Snapshot snapshot)
    {
        using var file = new MemoryStream();
        PartFile.Write(file, snapshot, KeyedHash.Fixed);
        return file.ToArray();
    }

    public static Snapshot Read(byte[] part) => PartFile.Read(new MemoryStream(part), KeyedHash.Fixed);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
