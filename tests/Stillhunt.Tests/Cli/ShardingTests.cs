namespace Stillhunt.Tests.Cli;

[Collection(nameof(RangeTraffic))]
public sealed class ShardingTests(RangeTraffic traffic)
{
    [Theory]
    [Trait("takes", "minutes")]
    [InlineData(new[] { 0, 1, 2 })]
    [InlineData(new[] { 2, 0, 1, 0 })]
    [InlineData(new[] { 1, 1, 2, 0, 2 })]
    public void Parts_in_any_order_some_given_twice_equal_the_whole_scan_byte_for_byte(int[] order)
    {
        Assert.Equal(0, traffic.Whole.ExitCode);
        for (var i = 0; i < 3; i++)
        {
            if (File.Exists(traffic.Path($"{i}.part"))) continue;
            var run = CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--shard", $"{i}/3", "--part", traffic.Path($"{i}.part"));
            Assert.Equal(0, run.ExitCode);
            Assert.Empty(run.Output);
        }

        var merged = CliRun.Of(["merge", .. order.Select(i => traffic.Path($"{i}.part")), "--accounts", traffic.Path("accounts.csv"), "--key-file", traffic.Path("key"), "--json", traffic.Path("merged.json")]);
        Assert.Equal(0, merged.ExitCode);
        Assert.Equal(File.ReadAllBytes(traffic.Path("whole.json")), File.ReadAllBytes(traffic.Path("merged.json")));
        Assert.True(new FileInfo(traffic.Path("merged.json")).Length > 2_000);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_small_sample_is_told_and_is_the_same_for_parts_that_had_room()
    {
        string[] common = ["--accounts", traffic.Path("accounts.csv"), "--key-file", traffic.Path("key"), "--sample", "1000", "--json"];
        var whole = CliRun.Of(["scan", traffic.Path("traffic.jsonl"), .. common, traffic.Path("sampled.json")]);
        Assert.Equal(0, whole.ExitCode);
        Assert.Contains("Of each account and day at most", whole.Output, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
            CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--shard", $"{i}/2", "--part", traffic.Path($"roomy{i}.part"));
        Assert.Equal(0, CliRun.Of(["merge", traffic.Path("roomy1.part"), traffic.Path("roomy0.part"), .. common, traffic.Path("sampled-merged.json")]).ExitCode);
        Assert.Equal(File.ReadAllBytes(traffic.Path("sampled.json")), File.ReadAllBytes(traffic.Path("sampled-merged.json")));
        Assert.Contains("\"sample_cap\"", File.ReadAllText(traffic.Path("sampled.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_whose_logs_would_have_had_another_account_together_are_told()
    {
        string Part(string owner, params string[] more)
        {
            var (log, part) = (traffic.Path($"bedrock-{owner}.jsonl"), traffic.Path($"bedrock-{owner}-{more.Length}.part"));
            File.WriteAllLines(log, Enumerable.Range(0, 4).Select(i =>
                $$$"""{"timestamp":"2026-02-01T12:00:0{{{i}}}Z","accountId":"{{{owner}}}","identity":{"arn":"arn:aws:iam::{{{owner}}}:user/u{{{i}}}"},"requestId":"{{{owner}}}-{{{i}}}","modelId":"m","input":{"inputBodyJson":{"prompt":"q"} } }"""));
            Assert.Equal(0, CliRun.Of(["scan", log, "--key-file", traffic.Path("key"), "--part", part, .. more]).ExitCode);
            return part;
        }

        CliRun Merge(params string[] parts) => CliRun.Of(["merge", .. parts, "--key-file", traffic.Path("key"), "--json", traffic.Path("bedrock.json")]);
        Assert.Contains("--account-field accountId", Merge(Part("111122223333"), Part("444455556666")).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--account-field", Merge(Part("111122223333")).Errors, StringComparison.Ordinal);
        string[] said = ["--account-field", "accountId"];
        Assert.DoesNotContain("--account-field", Merge(Part("111122223333", said), Part("444455556666", said)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_made_with_another_key_is_refused_with_what_to_do()
    {
        File.WriteAllText(traffic.Path("other-key"), "fedcba9876543210\n");
        CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("other-key"), "--shard", "0/50", "--part", traffic.Path("other.part"));
        var merged = CliRun.Of("merge", traffic.Path("other.part"), "--key-file", traffic.Path("key"));
        Assert.Equal(1, merged.ExitCode);
        Assert.Contains("--key-file", merged.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    public void A_part_that_is_damaged_in_its_middle_is_named_with_what_to_do_and_nothing_is_written(string damage)
    {
        var path = traffic.Path($"{damage}.part");
        CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--shard", "0/20", "--part", path);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, damage == "cut" ? bytes[..(bytes.Length / 2)] : bytes);
        var merged = CliRun.Of("merge", path, "--key-file", traffic.Path("key"), "--json", traffic.Path("of-damaged.json"));
        Assert.Equal(1, merged.ExitCode);
        Assert.Contains($"{path}: The part file", merged.Errors, StringComparison.Ordinal);
        Assert.Contains("scan --part", merged.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(traffic.Path("of-damaged.json")));
    }

    [Fact]
    public void A_merge_of_some_shards_says_which_are_missing()
    {
        foreach (var i in new[] { 0, 2 })
            CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--shard", $"{i}/25", "--part", traffic.Path($"some{i}.part"));
        var merged = CliRun.Of("merge", traffic.Path("some0.part"), traffic.Path("some2.part"), "--key-file", traffic.Path("key"), "--json", traffic.Path("some.json"));
        Assert.Equal(3, merged.ExitCode);
        Assert.Contains("23 of the shards are in none of the parts (1/25, 3/25, 4/25, 5/25, 6/25, ...)", merged.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(traffic.Path("some.json")));
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_missing_shard_is_told_where_several_logs_or_times_were_cut_each_by_itself()
    {
        var lines = File.ReadLines(traffic.Path("traffic.jsonl")).Take(400).ToList();
        File.WriteAllLines(traffic.Path("log-a.jsonl"), lines[..200]);
        File.WriteAllLines(traffic.Path("log-b.jsonl"), lines[200..]);
        string Part(string log, int index, params string[] more)
        {
            var part = traffic.Path($"{log}-{index}{string.Concat(more)}.slh");
            CliRun.Of(["scan", traffic.Path($"log-{log}.jsonl"), "--key-file", traffic.Path("key"), "--shard", $"{index}/2", "--part", part, .. more]);
            return part;
        }

        CliRun Merge(params string[] parts) => CliRun.Of(["merge", .. parts, "--key-file", traffic.Path("key"), "--json", traffic.Path("several.json")]);
        string[] whole = [Part("a", 0), Part("a", 1), Part("b", 0), Part("b", 1)];
        Assert.Equal(0, Merge(whole).ExitCode);
        Assert.Equal(0, Merge(whole[3], whole[1], whole[3], whole[0], whole[2]).ExitCode);

        var half = Merge(whole[0], whole[1], whole[3]);
        Assert.Equal(3, half.ExitCode);
        Assert.Contains($"1 of the shards is in none of the parts (0/2 of the scan that {whole[3]} is of)", half.Errors, StringComparison.Ordinal);
        Assert.Contains("\"missing_shard_count\": 1", File.ReadAllText(traffic.Path("several.json")), StringComparison.Ordinal);
        Assert.Contains("2 of the shards are in none", Merge(whole[0], whole[3]).Errors, StringComparison.Ordinal);

        // None of these has an exchange, and the shards of one scan are not those of the other.
        string[] early = [Part("a", 0, "--until", "2020-01-01"), Part("a", 1, "--until", "2020-01-01"), Part("a", 0, "--until", "2021-01-01")];
        Assert.Equal(3, Merge(whole[0], early[1]).ExitCode);
        Assert.Equal(0, Merge([.. whole, .. early[..2]]).ExitCode);
        Assert.Contains($"(1/2 of the scan that {early[2]} is of)", Merge([.. whole, .. early]).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_log_under_another_name_or_in_other_pieces_is_the_same_scan()
    {
        var lines = File.ReadLines(traffic.Path("traffic.jsonl")).Take(400).ToList();
        File.WriteAllLines(traffic.Path("one.jsonl"), lines);
        File.WriteAllLines(traffic.Path("first.jsonl"), lines[..150]);
        File.WriteAllLines(traffic.Path("second.jsonl"), lines[150..]);
        CliRun.Of("scan", traffic.Path("one.jsonl"), "--key-file", traffic.Path("key"), "--shard", "0/2", "--part", traffic.Path("one-0.slh"));
        CliRun.Of("scan", traffic.Path("second.jsonl"), traffic.Path("first.jsonl"), "--key-file", traffic.Path("key"), "--shard", "1/2", "--part", traffic.Path("one-1.slh"));
        Assert.Equal(0, CliRun.Of("merge", traffic.Path("one-0.slh"), traffic.Path("one-1.slh"), "--key-file", traffic.Path("key")).ExitCode);
    }

    [Fact]
    public void A_missing_part_stops_the_merge()
    {
        var merged = CliRun.Of("merge", traffic.Path("nowhere.part"), "--key-file", traffic.Path("key"));
        Assert.Equal(1, merged.ExitCode);
        Assert.Contains("nowhere.part", merged.Errors, StringComparison.Ordinal);
        Assert.Empty(merged.Output);
    }

    [Fact]
    public void A_shard_without_a_part_file_is_a_wrong_command_line()
    {
        var run = CliRun.Of("scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--shard", "0/3");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--part", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--report", "r.html")]
    [InlineData("--prevalence", "1/50")]
    [InlineData("--accounts", "accounts.csv")]
    public void Of_what_counts_for_a_result_only_a_part_says_that_it_has_no_effect(params string[] late)
    {
        string[] given = [.. late.Select(word => word.Contains('.', StringComparison.Ordinal) ? traffic.Path(word) : word)];
        var run = CliRun.Of(["scan", traffic.Path("traffic.jsonl"), "--key-file", traffic.Path("key"), "--part", traffic.Path("late.part"), .. given]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"so {late[0]} has no effect here: give it to 'stillhunt merge'", run.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(traffic.Path("late.part")));
        Assert.False(File.Exists(traffic.Path("r.html")));
    }
}
