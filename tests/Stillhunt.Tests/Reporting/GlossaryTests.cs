using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Reporting;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Reporting;

public sealed class GlossaryTests
{
    [Theory]
    [InlineData("byok-app")]
    [InlineData("grading-tutoring")]
    [InlineData("licensed")]
    [InlineData("prompts-not-logged")]
    public void What_a_cleared_group_looks_like_is_a_heading_and_no_id(string id)
    {
        Assert.DoesNotContain(Glossary.Lookalike(id), new[] { id, Wording.Spoken(id) });
        Assert.Equal("a new kind", Glossary.Lookalike("a-new-kind"));
    }

    [Fact]
    public void Of_every_field_that_can_be_missing_it_is_said_what_detection_lacks_without_it()
    {
        using var folder = new TemporaryFolder();
        var inspected = LogInspection.Inspect(folder.Write("a.jsonl", """{"time":1769947200,"account":"a"}""")).Fields.Select(field => field.Name);
        var lacking = Pipeline.Detect(new MadeTraffic().Finish(), null, KeyedHash.Fixed).Scanned.Missing;
        Assert.All(inspected.Concat(WatchedFields.Names).Concat(lacking), field => Assert.DoesNotContain("evidence from", Glossary.Absence(field), StringComparison.Ordinal));
    }
}
