using System.Text.RegularExpressions;
using Stillhunt.Reporting;
using Stillhunt.Tests.Architecture;

namespace Stillhunt.Tests.Reporting;

public sealed partial class MeasuredErrorTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, MeasuredError.Source));

    [Fact]
    public void Every_figure_that_a_document_quotes_stands_in_the_table_that_it_cites()
    {
        foreach (var (traffic, cells) in MeasuredError.Rows)
        {
            var row = Assert.Single(Lines, line => line.StartsWith($"| {traffic} |", StringComparison.Ordinal));
            Assert.All(cells, cell => Assert.Contains(cell, row, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_figure_of_independent_authors_is_the_sum_of_the_rows_that_nothing_was_set_on()
    {
        string[] sets = ["| final, ", "| B, ", "| C, ", "| E, ", "| F, ", "| G, ", "| H, ", "| I, ", "| J, ", "| K, "];
        var found = Lines.Where(line => Array.Exists(sets, set => line.StartsWith(set, StringComparison.Ordinal))).SelectMany(line => Found().Matches(line.Split('|')[2])).ToList();
        Assert.Equal((MeasuredError.FoundOfOthers, MeasuredError.PlantedByOthers), (found.Sum(match => int.Parse(match.Groups[1].Value, null)), found.Sum(match => int.Parse(match.Groups[2].Value, null))));
    }

    [GeneratedRegex("([0-9]+) of ([0-9]+)")]
    private static partial Regex Found();
}
