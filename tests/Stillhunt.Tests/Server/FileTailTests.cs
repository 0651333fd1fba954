using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Stillhunt.Server;
using Stillhunt.Server.Intake;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Server;

/// <summary>What is told of followed files.</summary>
public sealed class FileTailTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly KeptLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_refused_line_of_each_kind_is_told_with_file_line_and_field()
    {
        var path = _folder.Write("a.jsonl", ScannedLog.Lines(3) + "no json\n{\"time\":\"yesterday\",\"account\":\"a\"}\n{\"time\":\"today\",\"account\":\"a\"}\n" + ScannedLog.Lines(2, 3));
        await Follow(path, lines: 2);
        Assert.Equal(
            [$"Following: {path}:4 was refused (not-json); records of the file that were refused since the last such line: 3",
                $"Following: {path}:5 was refused (time-unreadable, field time); records of the file that were refused since the last such line: 0"], _log.Lines);

        // After a restart the lines before are known again, and a minute has begun anew.
        _log.Lines.Clear();
        File.AppendAllText(path, "more\n");
        await Follow(path, lines: 1);
        Assert.StartsWith($"Following: {path}:9 was refused (not-json)", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_is_told_once_a_minute_with_how_many_there_were()
    {
        var time = new StoodClock();
        var refusals = new TailRefusals(time, _log);
        for (var i = 0; i < 100; i++) refusals.Tell("a.log", Refused("not-json"), () => i);
        Assert.Single(_log.Lines);
        refusals.Tell("a.log", Refused("no-time"), () => 0);
        refusals.Tell("b.log", Refused("not-json"), () => 0);
        Assert.Equal(3, _log.Lines.Count);
        Assert.EndsWith(": 100", _log.Lines.ElementAt(1), StringComparison.Ordinal);
        time.Now += TimeSpan.FromMinutes(1);
        refusals.Tell("a.log", Refused("not-json"), () => 41);
        Assert.Contains("a.log:48 ", _log.Lines.Last(), StringComparison.Ordinal);
    }

    private static IntakeReply Refused(string reason) => new() { RejectedCount = 1, Rejected = [new RejectedRecord(7, reason, null)] };

    private async Task Follow(string path, int lines)
    {
        var limits = new ServeLimits();
        using var counters = new Counters();
        using var store = SqliteStore.Open(Path.Combine(_folder.Path, "s.db"), KeyedHash.Fixed);
        using var lane = new IntakeLane(store, KeyedHash.Fixed, TimeProvider.System, limits, counters, _ => { }, _log);
        lane.Start(0);
        await using var tail = new FileTail([path], store.Exchanges, lane, limits, KeyedHash.Fixed, TimeProvider.System, _log);
        tail.Start();
        Assert.True(await RunningServer.Until(() => Task.FromResult(_log.Lines.Count >= lines)));
    }

    private sealed class StoodClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(1769947200);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class KeptLines : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)}"));
    }
}
