using System.Text.Json;
using Stillhunt.Response.Canaries;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Response.Canaries;

namespace Stillhunt.Tests.Cli;

public sealed class CanaryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_added_and_never_replaced_and_a_broken_file_is_told_by_its_line()
    {
        var file = _folder.Write("canary.keys", "");
        File.Delete(file);
        foreach (var (epoch, code) in new[] { ("a", 0), ("b", 0), ("a", 1), ("c d", 1) }) Assert.Equal(code, CliRun.Of("canary", "key", "--file", file, "--epoch", epoch).ExitCode);
        Assert.Equal(["a", "b"], CanaryKeyFile.Load(file).Select(key => key.Epoch));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.AppendAllText(file, "c 12\n");
        var run = CliRun.Of("canary", "test", "--key-file", file, "--campaign", "c-1", "--answers", file);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("line 3", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspects_answers_are_tested_for_every_campaign_of_the_record_and_a_changed_record_is_refused()
    {
        var key = MadeProse.Key;
        var file = _folder.Write("canary.keys", $"{key.Epoch} {Convert.ToHexStringLower([.. Enumerable.Range(1, CanaryKey.Bytes).Select(i => (byte)i)])}\n");
        var (from, to) = (DateTimeOffset.UnixEpoch.AddDays(20_000), DateTimeOffset.UnixEpoch.AddDays(20_001));
        var first = new CanaryServed(from, from, "c-1", key.Epoch, 1, 10, 9, 40, 20).Line(CanaryRecordFile.Beginning);
        var second = new CanaryServed(to, to, "c-2", key.Epoch, 1, 3, 2, 5, 4).Line(CanaryRecordFile.HashOf(first));
        // The last line was never finished.
        var record = _folder.Write("canaries.jsonl", first + "\n" + second + "\n{\"from\":");
        var list = CliRun.Of("canary", "list", "--record", record);
        Assert.Contains("c-1, epoch 2026-01: 10 answers, 9 of them marked, 40 places, 20 changed", list.Output, StringComparison.Ordinal);
        Assert.Contains(CanaryRecordFile.HashOf(second), list.Output, StringComparison.Ordinal);
        var answers = _folder.Write("answers.jsonl", string.Concat(Enumerable.Repeat(JsonSerializer.Serialize(new { answer = MadeProse.Text(MadeProse.Marked(MadeProse.Raw(MadeProse.Answer))) }) + "\n", 3)) + "{\"prompt\":1}\n");
        var test = CliRun.Of("canary", "test", "--key-file", file, "--record", record, "--answers", answers, "--json");
        Assert.Equal(3, test.ExitCode);
        using var json = JsonDocument.Parse(test.Output);
        Assert.Equal((3, 1, 2), (json.RootElement.GetProperty("answer_count").GetInt32(), json.RootElement.GetProperty("unread_count").GetInt32(), json.RootElement.GetProperty("tested_count").GetInt32()));
        Assert.Equal(1, json.RootElement.GetProperty("results").EnumerateArray().Single(result => result.GetProperty("campaign").GetString() == "c-1").GetProperty("agreement").GetDouble());
        // Few cells say nothing, and the sentence says so.
        Assert.Contains("no sign of it", CliRun.Of("canary", "test", "--key-file", file, "--campaign", "c-1", "--answers", answers).Output, StringComparison.Ordinal);
        Assert.Equal(2, CliRun.Of("canary", "test", "--key-file", file, "--answers", answers).ExitCode);
        var changed = CliRun.Of("canary", "list", "--record", _folder.Write("changed.jsonl", first.Replace("40", "41", StringComparison.Ordinal) + "\n" + second + "\n"));
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("line 2", changed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gateway_takes_keys_and_record_together_or_neither()
    {
        var run = CliRun.Of("gateway", "--upstream", "http://127.0.0.1:1", "--server", "http://127.0.0.1:1", "--fail", "open", "--canary-key-file", "k");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--canary-record", run.Errors, StringComparison.Ordinal);
    }
}
