using System.Text.RegularExpressions;

namespace Stillhunt.Tests.Architecture;

/// <summary>The order in which data flows is the order in which namespaces may name each other.</summary>
public sealed partial class StageOrderTests
{
    private static readonly string[] Stages = ["Ingest", "Fingerprinting", "Profiles", "Linking", "Campaigns", "Ledger", "Response"];

    /// <summary>What each namespace may name beside itself.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Sketches"] = [],
        ["Ingest"] = ["Sketches"],
        ["Fingerprinting"] = ["Sketches", "Ingest"],
        ["Profiles"] = ["Sketches", "Ingest", "Fingerprinting"],
        // The on-disk form of a profile; whoever comes later may read it.
        ["Checkpoints"] = ["Sketches", "Ingest", "Fingerprinting", "Profiles"],
        ["Linking"] = ["Sketches", "Checkpoints", "Ingest", "Fingerprinting", "Profiles"],
        ["Campaigns"] = ["Sketches", "Checkpoints", "Ingest", "Fingerprinting", "Profiles", "Linking"],
        ["Ledger"] = ["Sketches", "Ingest", "Fingerprinting", "Profiles", "Campaigns"],
        ["Response"] = ["Sketches", "Ingest", "Fingerprinting", "Profiles", "Campaigns", "Ledger"],
        ["Reporting"] = ["Sketches", "Checkpoints", "Ingest", "Fingerprinting", "Profiles", "Linking", "Campaigns"],
        ["Sharing"] = ["Sketches", "Checkpoints", "Ingest", "Fingerprinting", "Profiles", "Linking", "Campaigns", "Reporting"],
        ["Training"] = ["Sketches", "Ingest", "Fingerprinting"],
    };

    private static readonly Dictionary<string, HashSet<string>> TypesOf = typeof(Pipeline).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("Stillhunt.", StringComparison.Ordinal) == true)
        .GroupBy(type => type.Namespace!.Split('.')[1])
        .ToDictionary(group => group.Key, group => group.Select(type => type.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void A_stage_names_only_stages_before_it_and_the_leaves()
    {
        var wrong = new List<string>();
        foreach (var path in Repository.Files("src/Stillhunt", "*.cs"))
        {
            var relative = Path.GetRelativePath(Path.Combine(Repository.Root, "src/Stillhunt"), path);
            var stage = relative.Split(Path.DirectorySeparatorChar)[0];
            if (stage == relative) continue; // Pipeline.cs shows the whole path.
            Assert.True(MayName.ContainsKey(stage), $"The folder {stage} has no place in the order of stages.");
            wrong.AddRange(NamedIn(File.ReadAllText(path)).Where(named => named != stage && !MayName[stage].Contains(named)).Select(named => $"{relative} names {named}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_name_is_seen_in_a_using_line_and_before_a_type_but_not_in_a_comment_or_as_a_property()
    {
        Assert.Equal(["Campaigns"], NamedIn("using Stillhunt.Campaigns;\n"));
        Assert.Equal(["Linking"], NamedIn("var x = Linking.Communities.Find(graph);\n"));
        Assert.Equal(["Ingest"], NamedIn("Stillhunt.Ingest.Exchange e;\n"));
        Assert.Empty(NamedIn("// see Linking.Communities\nvar n = result.Campaigns.Detector + Campaigns.Count;\n"));
    }

    [Fact]
    public void The_order_itself_has_no_circle()
    {
        Assert.All(MayName, pair => Assert.DoesNotContain(pair.Value, named => MayName[named].Contains(pair.Key)));
        Assert.All(Stages.Zip(Stages.Skip(1)), pair => Assert.Contains(pair.First, MayName[pair.Second]));
    }

    [Theory]
    [InlineData("src/Stillhunt", "Stillhunt")]
    [InlineData("src/Stillhunt.Cli", "Stillhunt.Cli")]
    [InlineData("src/Stillhunt.Proving", "Stillhunt.Proving")]
    [InlineData("src/Stillhunt.Server", "Stillhunt.Server")]
    public void A_folder_is_a_namespace(string folder, string root)
    {
        foreach (var path in Repository.Files(folder, "*.cs"))
        {
            if (NamespaceLine().Match(File.ReadAllText(path)) is not { Success: true } found) continue;
            var inner = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, folder), path))!;
            Assert.Equal(inner.Length == 0 ? root : $"{root}.{inner.Replace(Path.DirectorySeparatorChar, '.')}", found.Groups[1].Value);
        }
    }

    [Fact]
    public void The_range_and_the_detector_know_nothing_of_each_other()
    {
        var range = typeof(Stillhunt.Proving.RangeMaker).Assembly;
        Assert.DoesNotContain(range.GetReferencedAssemblies(), name => name.Name!.StartsWith("Stillhunt", StringComparison.Ordinal));
        Assert.DoesNotContain(typeof(Pipeline).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Stillhunt", StringComparison.Ordinal));
    }

    private static HashSet<string> NamedIn(string source)
    {
        var named = UsingLine().Matches(source).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (Match match in Qualified().Matches(Comments().Replace(source, "")))
        {
            var (space, type) = (match.Groups[1].Value, match.Groups[2].Value);
            if (TypesOf.TryGetValue(space, out var types) && types.Contains(type)) named.Add(space);
        }

        return named;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?Stillhunt\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.])(?:Stillhunt\.)?([A-Z]\w+)\.(?:[A-Z]\w+\.)??([A-Z]\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();
}
