using Stillhunt.Proving;

namespace Stillhunt.Tests.Cli;

/// <summary>A little traffic of the range on disk, with a key, scanned once by the program; its tests are one collection.</summary>
[CollectionDefinition(nameof(RangeTraffic))]
public sealed class RangeTraffic : ICollectionFixture<RangeTraffic>, IDisposable
{
    public RangeTraffic()
    {
        Folder = Directory.CreateTempSubdirectory("stillhunt cli ").FullName;
        RangeFiles.Write(new RangeOptions { Scenario = "fake-client", HonestAccounts = 150, Days = 2, Scale = 0.0001 }, Folder);
        File.WriteAllText(Path("key"), "0123456789abcdef\n");
        Whole = CliRun.Of("scan", Path("traffic.jsonl"), "--accounts", Path("accounts.csv"), "--key-file", Path("key"), "--json", Path("whole.json"));
    }

    public string Folder { get; }

    /// <summary>The scan that wrote whole.json.</summary>
    internal CliRun Whole { get; }

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
