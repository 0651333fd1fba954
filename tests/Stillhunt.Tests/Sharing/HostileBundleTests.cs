using System.Text;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Tests.Sharing;

public sealed class HostileBundleTests
{
    private const string Identity = """{"type":"identity","spec_version":"2.1","id":"identity--5424aa64-06d0-5c12-abcc-c5b998efa61b","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"X"}""";

    [Theory]
    [InlineData("not json", "not readable as JSON")]
    [InlineData("[]", "an object is expected")]
    [InlineData("""{"type":"report"}""", "its type is 'report'")]
    [InlineData("""{"type":"bundle","objects":{}}""", "objects is not a list")]
    [InlineData("""{"objects":[1]}""", "objects[0]")]
    [InlineData("""{"objects":[{"type":"indicator"}]}""", "id is not of the form")]
    [InlineData("""{"objects":[{"type":"indicator","id":"campaign--5424aa64-06d0-5c12-abcc-c5b998efa61b"}]}""", "its type is not")]
    [InlineData("""{"objects":[{"type":"indicator","id":"indicator--5424aa64-06d0-5c12-abcc-c5b998efa61b","created":"soon"}]}""", "created: a timestamp")]
    [InlineData("""{"objects":[{"type":"indicator","id":"indicator--5424aa64-06d0-5c12-abcc-c5b998efa61b","created":"2026-01-02T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"}]}""", "modified lies before created")]
    [InlineData("""{"type":"bundle","type":"bundle","objects":[]}""", "not readable as JSON")]
    [InlineData("""{"objects":[{"type":"indicator","id":"\ud800"}]}""", "no Unicode, at byte 37")]
    [InlineData("""{"objects":[{"type":"indicator","\udc00":1}]}""", "no Unicode, at byte 32")]
    public void What_is_no_bundle_is_refused_with_the_reason(string json, string reason) => Assert.Contains(reason, Refused(json), StringComparison.Ordinal);

    [Fact]
    public void The_mark_that_some_tools_put_before_UTF_8_is_passed_over()
    {
        Assert.NotNull(StixBundle.Read(Encoding.UTF8.GetBytes("\uFEFF{\"type\":\"bundle\",\"objects\":[]}"), StixLimits.Default, out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void A_bundle_of_a_hundred_megabytes_is_refused_unread()
    {
        using var endless = new Repeating(100L << 20);
        Assert.Null(StixBundle.Read(endless, StixLimits.Default, out var fault));
        Assert.Contains("refused unread", fault, StringComparison.Ordinal);
        Assert.True(endless.Handed <= StixLimits.Default.Bytes + (1 << 20));
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("not readable as JSON", Refused($$"""{"objects":[{{string.Concat(Enumerable.Repeat("[", 100_000))}}{{string.Concat(Enumerable.Repeat("]", 100_000))}}]}"""), StringComparison.Ordinal);

    [Fact]
    public void More_objects_than_the_limit_are_refused_before_they_are_built() =>
        Assert.Contains("more than 10 objects", Refused($$"""{"objects":[{{string.Join(',', Enumerable.Repeat("{}", 50))}}]}""", new StixLimits { Objects = 10 }), StringComparison.Ordinal);

    [Fact]
    public void An_object_of_too_many_values_is_refused() =>
        Assert.Contains("an object of more than 100 values", Refused($$"""{"objects":[{"a":[{{string.Join(',', Enumerable.Repeat("1", 500))}}]}]}""", new StixLimits { ValuesPerObject = 100 }), StringComparison.Ordinal);

    [Fact]
    public void Two_objects_of_one_id_and_version_that_differ_are_refused_and_a_repeated_one_is_not()
    {
        Assert.Contains("one version, and differ", Refused($$"""{"objects":[{{Identity}},{{Identity.Replace("\"X\"", "\"Y\"", StringComparison.Ordinal)}}]}"""), StringComparison.Ordinal);
        Assert.NotNull(StixBundle.Read(Encoding.UTF8.GetBytes($$"""{"objects":[{{Identity}},{{Identity}}]}"""), StixLimits.Default, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20_000)]
    public void A_circle_of_markings_is_refused(int length)
    {
        var markings = Enumerable.Range(0, length).Select(i => $$"""{"type":"marking-definition","spec_version":"2.1","id":"{{Id(i)}}","created":"2026-01-01T00:00:00.000Z","object_marking_refs":["{{Id((i + 1) % length)}}"]}""");
        Assert.Contains("marks itself", Refused($$"""{"objects":[{{string.Join(',', markings)}}]}"""), StringComparison.Ordinal);

        static string Id(int i) => $"marking-definition--00000000-0000-4000-8000-{i:x12}";
    }

    [Fact]
    public void A_circle_of_relations_is_harmless()
    {
        const string a = "relationship--00000000-0000-4000-8000-000000000001", b = "relationship--00000000-0000-4000-8000-000000000002";
        var json = $$"""{"objects":[{"type":"relationship","id":"{{a}}","source_ref":"{{b}}","target_ref":"{{a}}"},{"type":"relationship","id":"{{b}}","source_ref":"{{a}}","target_ref":"{{b}}"}]}""";
        var bundle = StixBundle.Read(Encoding.UTF8.GetBytes(json), StixLimits.Default, out _);
        Assert.Equal(0, new IntelStore().Add(bundle!, "x", 1).Added);
    }

    [Theory]
    [InlineData("[file:name MATCHES '(a+)+$']")]
    [InlineData("[ipv4-addr:value LIKE '%']")]
    [InlineData("[ipv4-addr:value ISSUBSET '0.0.0.0/0']")]
    [InlineData("[ipv6-addr:value ISSUBSET '2000::/3']")]
    [InlineData("[ipv4-addr:value = '1.1.1.1'] REPEATS 1000000000 TIMES")]
    [InlineData("[ipv4-addr:value = '1.1.1.1' OR ipv4-addr:value = '1.1.1.2']")]
    public void A_pattern_that_is_more_than_one_narrow_comparison_is_not_looked_for(string pattern)
    {
        Assert.Null(IndicatorPattern.Read("stix", pattern, out var reason));
        Assert.Contains("form", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_that_are_built_to_explode_are_read_in_their_length()
    {
        // Each would take a backtracking engine longer than the universe.
        foreach (var pattern in new[] { "[" + new string('(', 8000), new string(' ', 16_000) + "[", "[a:b = '" + string.Concat(Enumerable.Repeat(@"\\", 7_000)), "[" + string.Concat(Enumerable.Repeat("a.'b'.", 2_500)) })
            Assert.Null(IndicatorPattern.Read("stix", pattern, out _));
        Assert.Null(IndicatorPattern.Read("stillhunt-sketch", "sketch:1 group=g epoch=e least=3 phrases=" + string.Concat(Enumerable.Repeat("0123456789abcdef,", 900)), out _));
        Assert.Null(IndicatorPattern.Read("stix", new string('[', 10_000_000), out var reason));
        Assert.Contains("characters", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sketch:1 group=g epoch=e least=1 phrases=0123456789abcdef,0123456789abcdee,0123456789abcded")]
    [InlineData("sketch:1 group=g epoch=e least=3 phrases=0123456789abcdef")]
    [InlineData("sketch:1 group=g epoch=e least=9 phrases=0123456789abcdef,0123456789abcdee,0123456789abcded")]
    public void A_sketch_that_one_common_phrase_would_match_is_not_looked_for(string pattern) => Assert.Null(IndicatorPattern.Read("stillhunt-sketch", pattern, out _));

    [Fact]
    public void Every_pattern_that_is_written_is_read_back()
    {
        foreach (var item in ExportSample.Objects(ExportSample.Export(ExportSample.Result(), ExportSample.Request(Stillhunt.Sharing.ShareProfile.Internal)), "indicator"))
        {
            var read = IndicatorPattern.Read((string)item["pattern_type"]!, (string)item["pattern"]!, out var reason);
            Assert.True(read is not null, reason);
            Assert.Equal((string?)item["pattern"], read.Write());
        }
    }

    [Fact]
    public void A_flood_of_sketches_from_one_sender_is_not_looked_for_beyond_a_thousand_and_takes_nothing_from_others()
    {
        var store = IntelTraffic.Store();
        var sketch = ExportSample.Objects(ExportSample.Export(ExportSample.Result()), "indicator").Single(item => (string?)item["pattern_type"] == IndicatorPattern.SketchType);
        var flood = Enumerable.Range(0, IntelMatcher.MostSketches + 50).Select(i =>
        {
            var copy = (System.Text.Json.Nodes.JsonObject)sketch.DeepClone();
            copy["id"] = $"indicator--00000000-0000-4000-8000-{i:d12}";
            return copy;
        });
        store.Add(new System.Text.Json.Nodes.JsonObject { ["objects"] = new System.Text.Json.Nodes.JsonArray([.. flood]) }, "Flood", 1);
        var result = new IntelTraffic(store).Crowd().Send("worker", "Think it through step by step, and give the final answer in 3 words").Finish();
        Assert.Equal(50, result.Indicators.Count(use => use.Status == "too-many"));
        Assert.Contains("First Lab: Example Lab", Assert.Single(result.Accounts).Senders);
    }

    [Fact]
    public void A_network_is_found_as_the_framework_finds_it()
    {
        var random = new Random(6);
        var networks = Enumerable.Range(0, 300).Select(i =>
        {
            var bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.NextBytes(bytes);
            // Few bits differ, so that many addresses lie in several.
            Array.Clear(bytes, 0, bytes.Length - 2);
            var length = random.Next(bytes.Length * 8 - 16, (bytes.Length * 8) + 1);
            for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            return new System.Net.IPNetwork(new System.Net.IPAddress(bytes), length);
        }).ToList();
        var index = new NetworkIndex();
        for (var i = 0; i < networks.Count; i++) index.Add(networks[i], i);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.NextBytes(bytes.AsSpan(^2..));
            var address = new System.Net.IPAddress(bytes);
            var found = new List<int>();
            index.Find(address, found);
            Assert.Equal(Enumerable.Range(0, networks.Count).Where(at => networks[at].BaseAddress.AddressFamily == address.AddressFamily && networks[at].Contains(address)), found.Order());
        }
    }

    [Fact]
    public void An_event_is_held_to_the_same_limits_as_a_bundle()
    {
        using var endless = new Repeating(100L << 20);
        Assert.Null(StixBundle.ReadAny(endless, StixLimits.Default, out var fault));
        Assert.Contains("refused unread", fault, StringComparison.Ordinal);
        Assert.Contains("not readable as JSON", RefusedEvent($$$"""{"Event":{"Attribute":{{{new string('[', 5000)}}}{{{new string(']', 5000)}}} }}"""), StringComparison.Ordinal);
        const string attribute = """{"uuid":"00000000-0000-4000-8000-000000000001","type":"ip-dst","value":"203.0.113.9","to_ids":true,"timestamp":"1770000000"}""";
        Assert.Contains("Event.Attribute[1]: another attribute has its uuid", RefusedEvent($$$"""{"Event":{"Attribute":[{{{attribute}}},{{{attribute.Replace("113.9", "113.8", StringComparison.Ordinal)}}}]}}"""), StringComparison.Ordinal);
        Assert.Contains("Event.Object[0].Attribute[0]: an object is expected", RefusedEvent($$$"""{"Event":{"Attribute":[{{{attribute}}},{{{attribute}}}],"Object":[{"Attribute":[1]}]}}"""), StringComparison.Ordinal);

        static string RefusedEvent(string json)
        {
            using var from = new MemoryStream(Encoding.UTF8.GetBytes(json));
            Assert.Null(StixBundle.ReadAny(from, StixLimits.Default, out var wrong));
            return wrong!;
        }
    }

    [Fact]
    public void The_same_id_from_two_senders_is_two_indicators_and_neither_changes_the_other()
    {
        var store = IntelTraffic.Store();
        var before = store.Count;
        var theirs = ExportSample.Export(ExportSample.Result());
        foreach (var item in ExportSample.Objects(theirs, "indicator"))
        {
            item["pattern"] = "[ipv4-addr:value = '198.51.100.1']";
            item["pattern_type"] = "stix";
            item["modified"] = "2030-01-01T00:00:00.000Z";
        }

        Assert.Equal(before, store.Add(theirs, "Mallory", 1).Added);
        Assert.Contains("First Lab: Example Lab", Assert.Single(new IntelTraffic(store).Crowd().Send("worker", "x", ip: "203.0.113.7").Finish().Accounts).Senders);
    }

    private static string Refused(string json, StixLimits? limits = null)
    {
        Assert.Null(StixBundle.Read(Encoding.UTF8.GetBytes(json), limits ?? StixLimits.Default, out var fault));
        return fault!;
    }

    /// <summary>So many bytes that nobody holds.</summary>
    private sealed class Repeating(long length) : Stream
    {
        public long Handed { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Handed; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - Handed);
            buffer[..count].Fill((byte)' ');
            Handed += count;
            return count;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
