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
    private static readonly DateTime Past = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_whose_records_are_alike_for_long_are_all_read(bool idsLast)
    {
        string Record(char pod, int i) => $$"""{{{(idsLast ? "" : $"\"account\":\"{pod}\",")}}"messages":[{"role":"system","content":"{{new string('s', 5000)}}"}],{{(idsLast ? $"\"account\":\"{pod}\"," : "")}}"time":{{1769947200 + i}}}""" + "\n";
        foreach (var pod in "abc") _folder.Write($"{pod}.jsonl", string.Concat(Enumerable.Range(0, 40).Select(i => Record(pod, i))));
        await using (var tail = Following(_folder.Path)) await tail.Reaches(120);
        File.AppendAllText(Path.Combine(_folder.Path, "b.jsonl"), Record('b', 40));
        await using (var again = Following(_folder.Path)) await again.Reaches(121);
    }

    [Theory]
    [InlineData("app.jsonl")]
    [InlineData("")]
    public async Task A_file_that_is_rotated_away_is_told_from_the_new_one_though_both_begin_with_the_same_line(string followed)
    {
        const string Banner = "{\"banner\":\"log opened\"}\n";
        var path = _folder.Write("app.jsonl", Banner + Records("a", 10));
        await using (var tail = Following(Path.Combine(_folder.Path, followed)))
        {
            await tail.Reaches(10);
            File.AppendAllText(path, Records("b", 2));
            File.Move(path, Path.Combine(_folder.Path, "app-1.jsonl"));
            _folder.Write("app.jsonl", Banner + Records("c", 15));
            await tail.Reaches(27);
            File.Move(path, Path.Combine(_folder.Path, "app-2.jsonl"));
            _folder.Write("app.jsonl", Banner);
            await tail.Reaches(27);
            File.AppendAllText(path, Records("d", 3));
            await tail.Reaches(30);
        }

        // Rotated while nobody looked: found beside its old name.
        File.AppendAllText(path, Records("e", 4));
        File.Move(path, Path.Combine(_folder.Path, "app.jsonl.1"));
        if (followed.Length == 0) File.Move(Path.Combine(_folder.Path, "app.jsonl.1"), Path.Combine(_folder.Path, "app-3.jsonl"));
        _folder.Write("app.jsonl", Banner + Records("f", 1));
        await using (var again = Following(Path.Combine(_folder.Path, followed))) await again.Reaches(35);
        await using (var third = Following(Path.Combine(_folder.Path, followed))) await third.Reaches(35);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("was replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_followed_file_that_is_nowhere_any_more_is_told_once()
    {
        var path = _folder.Write("app.log", Records("a", 5));
        await using (var tail = Following(path)) await tail.Reaches(5);
        _folder.Write("app.log", Records("b", 9));
        await using (var again = Following(path))
        {
            await again.Reaches(14);
            Assert.True(await RunningServer.Until(() => Task.FromResult(!_log.Lines.IsEmpty)));
        }

        await using (var third = Following(path)) await third.Reaches(14);
        Assert.StartsWith($"Following: {path} was replaced, cut or removed", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*.jsonl")]
    [InlineData("app.jsonl")]
    public async Task A_file_that_is_copied_and_cut_is_read_once(string followed)
    {
        var path = _folder.Write("app.jsonl", Records("a", 10));
        var copy = Path.Combine(_folder.Path, "app-1.jsonl");
        await using var tail = Following(Path.Combine(_folder.Path, followed));
        await tail.Reaches(10);
        // A copy that is not whole yet is nothing new.
        _folder.Write("app-1.jsonl", Records("a", 10)[..^30]);
        await tail.Reaches(10);
        File.AppendAllText(path, Records("b", 3));
        File.Copy(path, copy, overwrite: true);
        File.WriteAllText(path, "");
        await tail.Reaches(13);
        File.AppendAllText(path, Records("c", 20));
        await tail.Reaches(33);
    }

    [Fact]
    public async Task One_that_is_copied_and_cut_while_it_is_looked_at_is_read_once()
    {
        var path = _folder.Write("app.jsonl", Records("a", 10));
        var copy = Path.Combine(_folder.Path, "app-1.jsonl");
        var rotates = false;
        await using var tail = new RunningTail(Path.Combine(_folder.Path, "*.jsonl"), StorePath, _log, () =>
        {
            // Between the look into the log and the look into its copy.
            if (!rotates) return;
            rotates = false;
            File.Copy(path, copy, overwrite: true);
            File.WriteAllText(path, "");
        });
        await tail.Reaches(10);
        _folder.Write("app-1.jsonl", Records("a", 10)[..^30]);
        await tail.Reaches(10);
        rotates = true;
        File.AppendAllText(path, Records("b", 3));
        await tail.Reaches(13);
        File.AppendAllText(path, Records("c", 20));
        await tail.Reaches(33);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("app.jsonl")]
    public async Task A_file_that_is_cut_and_begins_as_before_is_read_anew(string followed)
    {
        const string Banner = "{\"banner\":\"log opened\"}\n";
        var path = _folder.Write("app.jsonl", Banner + Records("a", 10));
        await using var tail = Following(Path.Combine(_folder.Path, followed));
        await tail.Reaches(10);
        _folder.Write("app.jsonl", Banner + Records("b", 3));
        await tail.Reaches(13);
        File.AppendAllText(path, Records("c", 20));
        await tail.Reaches(33);
    }

    [Fact]
    public async Task Two_files_of_the_same_content_are_read_once_until_they_differ()
    {
        var first = _folder.Write("1.jsonl", Records("a", 10));
        var second = _folder.Write("2.jsonl", Records("a", 10));
        await using var tail = Following(_folder.Path);
        await tail.Reaches(10);
        File.AppendAllText(first, Records("b", 1));
        await tail.Reaches(11);
        File.AppendAllText(second, Records("c", 2));
        await tail.Reaches(23);
    }

    [Fact]
    public async Task A_file_whose_length_and_time_stand_still_is_not_looked_into()
    {
        var path = _folder.Write("app.jsonl", Records("a", 10));
        var written = Past.AddHours(-1);
        File.SetLastWriteTimeUtc(path, written);
        await using var tail = Following(path);
        await tail.Reaches(10);
        // Nobody who writes a log does this; it shows who looks.
        Replace(path, Records("b", 10), written);
        await tail.Reaches(10);
        Replace(path, Records("b", 10), written.AddSeconds(1));
        await tail.Reaches(20);
        File.AppendAllText(path, Records("c", 3));
        await tail.Reaches(23);
    }

    [Fact]
    public async Task A_file_that_came_and_went_while_the_server_was_down_is_read_and_no_other_log_beside_it()
    {
        var path = _folder.Write("app.log", Records("a", 5));
        await using (var tail = Following(path)) await tail.Reaches(5);
        var begun = Past.AddHours(-3);
        Rotated("app.log.3", Records("long ago", 7), begun);
        Rotated("app.log.2", Records("a", 5) + Records("b", 2), begun.AddHours(1));
        Rotated("app.log.1", Records("between", 20), begun.AddHours(2));
        Rotated("app-errors.log.1", Records("another log", 50), begun.AddHours(2));
        _folder.Write("app.log", Records("new", 1));
        await using (var again = Following(path)) await again.Reaches(28);
        await using (var third = Following(path)) await third.Reaches(28);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task One_that_came_and_went_is_read_on_where_the_server_was_stopped_in_the_middle_of_it()
    {
        var path = _folder.Write("app.log", Records("a", 5));
        await using (var tail = Following(path)) await tail.Reaches(5);
        Rotated("app.log.2", Records("a", 5) + Records("b", 2), Past.AddHours(-2));
        Rotated("app.log.1", Records("between", 20), Past.AddHours(-1));
        _folder.Write("app.log", Records("new", 1));
        await using (var again = Following(path)) await again.Reaches(28);
        // As if that had been all that could be read until then.
        Rotated("app.log.1", Records("between", 20) + Records("rest", 4), Past.AddHours(-1));
        await using (var third = Following(path)) await third.Reaches(32);
    }

    [Fact]
    public async Task A_log_whose_number_begins_like_the_followed_ones_is_another_log()
    {
        var path = _folder.Write("worker-1.log", Records("a", 5));
        await using (var tail = Following(path)) await tail.Reaches(5);
        Rotated("worker-1.log.2", Records("a", 5) + Records("b", 2), Past.AddHours(-2));
        Rotated("worker-1.log.1", Records("between", 20), Past.AddHours(-1));
        Rotated("worker-10.log.1", Records("another log", 50), Past.AddHours(-1));
        _folder.Write("worker-1.log", Records("new", 1));
        await using (var again = Following(path)) await again.Reaches(28);
    }

    [Fact]
    public async Task A_copy_of_a_file_that_was_renamed_while_the_server_was_down_is_read_once()
    {
        const string Banner = "{\"banner\":\"log opened\"}\n";
        _folder.Write("b.jsonl", Banner + Records("b", 5));
        await using (var tail = Following(_folder.Path)) await tail.Reaches(5);
        string Named(string name) => Path.Combine(_folder.Path, name);
        File.Move(Named("b.jsonl"), Named("c.jsonl"));
        File.Copy(Named("c.jsonl"), Named("d.jsonl"));
        _folder.Write("a.jsonl", Banner + Records("a", 3));
        await using (var again = Following(_folder.Path)) await again.Reaches(8);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("c")]
    public async Task What_takes_the_path_of_a_copy_is_read_from_its_first_line(string begins)
    {
        _folder.Write("1.jsonl", Records("a", 10));
        var copy = _folder.Write("2.jsonl", Records("a", 10));
        await using var tail = Following(_folder.Path);
        await tail.Reaches(10);
        Replace(copy, Records(begins, 1) + Records("d", 14), Past);
        await tail.Reaches(25);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_any_more_holds_up_none_that_begins_like_it()
    {
        // Who may do anything may read anything.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) return;
        const string Banner = "{\"banner\":\"log opened\"}\n";
        var path = _folder.Write("1.jsonl", Banner + Records("a", 5));
        File.SetLastWriteTimeUtc(path, Past);
        await using var tail = Following(_folder.Path);
        await tail.Reaches(5);
        File.SetUnixFileMode(path, UnixFileMode.None);
        _folder.Write("2.jsonl", Banner + Records("b", 7));
        await tail.Reaches(12);
    }

    [Fact]
    public async Task One_that_came_and_went_and_is_compressed_is_told()
    {
        var path = _folder.Write("app.log", Records("a", 5));
        await using (var tail = Following(path)) await tail.Reaches(5);
        Rotated("app.log.2", Records("a", 5) + Records("b", 2), Past.AddHours(-2));
        File.WriteAllBytes(Path.Combine(_folder.Path, "app.log.1.gz"), [0x1F, 0x8B, 8, 0]);
        _folder.Write("app.log", Records("new", 1));
        await using (var again = Following(path)) await again.Reaches(8);
        Assert.Contains("app.log.1.gz: It was ", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_while_the_server_ends_is_no_fault_of_its_end()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var name in new[] { "a.log", "b.log" })
        {
            using var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder.Path, name)]);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // The first pipe is told, which ends the server, and the look at the second one goes on.
        var stop = TestContext.Current.CancellationToken;
        using var isRunning = new SemaphoreSlim(0);
        RunningTail? tail = null;
        var ended = new TaskCompletionSource<Task>();
        tail = new RunningTail(_folder.Path, StorePath, new TellingLog(() =>
        {
            isRunning.Wait(stop);
            ended.SetResult(tail!.DisposeAsync().AsTask());
        }));
        isRunning.Release();
        await await ended.Task;
    }

    [Fact]
    public async Task A_named_pipe_holds_up_no_file_and_is_told()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder.Write("app.log", Records("a", 5));
        foreach (var name in new[] { "a.log", "app.log.0" })
        {
            using var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder.Path, name)]);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using (var tail = Following(_folder.Path)) await tail.Reaches(5);
        Assert.Contains("a.log: It is a pipe", Assert.Single(_log.Lines), StringComparison.Ordinal);
        // Sought beside its old name, past the other pipe.
        File.Delete(Path.Combine(_folder.Path, "a.log"));
        File.AppendAllText(path, Records("b", 2));
        File.Move(path, path + ".1");
        _log.Lines.Clear();
        _folder.Write("app.log", Records("new", 1));
        await using (var again = Following(path)) await again.Reaches(8);
        Assert.Contains("app.log.0: It is a pipe", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Among_files_that_begin_alike_one_is_compared_with_few()
    {
        const int Count = 400;
        string Text(int i) => new string('s', 70_000) + i.ToString("d6", CultureInfo.InvariantCulture) + "\n";
        var (opened, paths) = (0, Enumerable.Range(0, Count).Select(i => _folder.Write($"{i}.jsonl", Text(i))).ToList());
        var alike = new AlikeFiles(id =>
        {
            opened++;
            return File.OpenRead(paths[(int)id]);
        });
        for (var i = 0; i < Count; i++)
        {
            using var stream = File.OpenRead(paths[i]);
            Assert.Empty(alike.Like(stream));
            alike.Add(i, stream);
        }

        // Each with each is 80,000.
        Assert.InRange(opened, Count, 20 * Count);
        foreach (var (text, like) in new[] { (Text(123)[..^3], Enumerable.Range(100, 100)), (Text(123) + "more\n", [123]), (Text(123)[..^3] + "X", []) })
        {
            using var stream = File.OpenRead(_folder.Write("copy", text));
            var found = alike.Like(stream);
            Assert.Equal(like.Any(), found.Count > 0);
            Assert.All(found, id => Assert.Contains((int)id, like));
        }
    }

    [Fact]
    public async Task A_store_of_before_goes_on_where_it_was()
    {
        var path = _folder.Write("app.jsonl", Records("a", 10));
        string mark;
        using (var stream = File.OpenRead(path)) mark = FileMarks.Mark(stream, KeyedHash.Fixed)!;
        var offset = new FileInfo(path).Length;
        using (var store = SqliteStore.Open(StorePath, KeyedHash.Fixed)) store.File.Write(at => at.Run("INSERT INTO cursors(file, position) VALUES($0, $1)", mark, offset));
        File.AppendAllText(path, Records("b", 3));
        await using (var tail = Following(_folder.Path))
        {
            await tail.Reaches(3);
            // What of before is known by its beginning alone was that file: this one is new.
            _folder.Write("new.jsonl", Records("a", 1) + Records("c", 20));
            await tail.Reaches(24);
        }

        await using (var again = Following(_folder.Path)) await again.Reaches(24);
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

    [Fact]
    public void A_field_of_the_wrong_type_is_told_with_its_line_and_once_a_minute()
    {
        var time = new StoodClock();
        var refusals = new TailRefusals(time, _log);
        void Tell(params DroppedField[] dropped) => refusals.Tell("a.log", new IntakeReply { Rejected = [], DroppedFieldCount = dropped.Sum(field => field.Count), DroppedFields = dropped }, () => 40);
        Tell(new DroppedField(2, "status", 3));
        Assert.Contains("a.log:42 was read without the field status", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.EndsWith(": 3", _log.Lines.Last(), StringComparison.Ordinal);
        Tell(new DroppedField(1, "status", 5), new DroppedField(1, "ip", 1));
        Assert.Contains("the field ip,", _log.Lines.Last(), StringComparison.Ordinal);
        Assert.Equal(2, _log.Lines.Count);
        time.Now += TimeSpan.FromMinutes(1);
        Tell(new DroppedField(1, "status", 1));
        Assert.EndsWith(": 6", _log.Lines.Last(), StringComparison.Ordinal);
    }

    private static IntakeReply Refused(string reason) => new() { RejectedCount = 1, Rejected = [new RejectedRecord(7, reason, null)] };

    /// <summary>Without ids: what is read twice counts twice.</summary>
    private static string Records(string prefix, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"time":{{1769947200 + i}},"account":"a{{i % 3}}","prompt":"{{prefix}}{{i}}"}""" + "\n"));

    /// <summary>At once, so that no look sees the new content with another time.</summary>
    private void Replace(string path, string text, DateTime written)
    {
        var made = Path.Combine(_folder.Path, "made");
        File.WriteAllText(made, text);
        File.SetLastWriteTimeUtc(made, written);
        File.Move(made, path, overwrite: true);
    }

    private void Rotated(string name, string text, DateTime written) => File.SetLastWriteTimeUtc(_folder.Write(name, text), written);

    private string StorePath => Path.Combine(_folder.Path, "s.db");

    private RunningTail Following(string path) => new(path, StorePath, _log);

    private async Task Follow(string path, int lines)
    {
        await using var tail = Following(path);
        Assert.True(await RunningServer.Until(() => Task.FromResult(_log.Lines.Count >= lines)));
    }

    private sealed class RunningTail : IAsyncDisposable
    {
        private readonly Counters _counters = new();
        private readonly SqliteStore _store;
        private readonly IntakeLane _lane;
        private readonly FileTail _tail;

        public RunningTail(string path, string storePath, ILogger log, Action? taken = null)
        {
            var limits = new ServeLimits();
            _store = SqliteStore.Open(storePath, KeyedHash.Fixed);
            _lane = new IntakeLane(_store, KeyedHash.Fixed, TimeProvider.System, limits, _counters, _ => taken?.Invoke(), log);
            _lane.Start(0);
            _tail = new FileTail([path], _store.Exchanges, _lane, limits, KeyedHash.Fixed, new HastyClock(), log);
            _tail.Start();
        }

        /// <summary>That many are counted, and some looks later no more.</summary>
        public async Task Reaches(long count)
        {
            await RunningServer.Until(() => Task.FromResult(_store.Exchanges.CountExchanges() >= count));
            await Task.Delay(400);
            Assert.Equal(count, _store.Exchanges.CountExchanges());
        }

        public async ValueTask DisposeAsync()
        {
            await _tail.DisposeAsync();
            _lane.Dispose();
            _store.Dispose();
            _counters.Dispose();
        }
    }

    /// <summary>Says when the first line is written.</summary>
    private sealed class TellingLog(Action told) : ILogger
    {
        private bool _hasTold;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_hasTold) return;
            _hasTold = true;
            told();
        }
    }

    /// <summary>Twenty seconds in one.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 20 : dueTime, period);
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
