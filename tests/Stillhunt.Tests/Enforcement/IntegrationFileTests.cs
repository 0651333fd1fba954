using System.Text.Json;
using Stillhunt.Tests.Architecture;
using Stillhunt.Tests.Server;
using YamlDotNet.RepresentationModel;

namespace Stillhunt.Tests.Enforcement;

/// <summary>What is shipped under integrations/, also for gateways that are not part of these tests.</summary>
public sealed class IntegrationFileTests
{
    [Theory]
    [InlineData("envoy/envoy-closed.yaml", "envoy/envoy-open.yaml", "failure_mode_allow: false", "failure_mode_allow: true")]
    [InlineData("litellm/config-closed.yaml", "litellm/config-open.yaml", "unreachable_fallback: fail_closed", "unreachable_fallback: fail_open")]
    [InlineData("portkey/config-closed.json", "portkey/config-open.json", "\"failOnError\": true", "\"failOnError\": false")]
    public void The_two_fail_modes_of_a_gateway_differ_in_that_alone(string closedFile, string openFile, string closed, string open)
    {
        var (closedText, openText) = (Read(closedFile), Read(openFile));
        if (closedFile.EndsWith(".json", StringComparison.Ordinal))
        {
            using var json = JsonDocument.Parse(closedText);
        }
        else
        {
            new YamlStream().Load(new StringReader(closedText));
        }

        Assert.Contains(closed, closedText, StringComparison.Ordinal);
        Assert.Equal(WithoutComments(openText), WithoutComments(closedText.Replace(closed, open, StringComparison.Ordinal)));
    }

    /// <summary>These two gateways are not run here. What they do while Stillhunt can't be asked is their default unless it stands where they read it, so it has to stand there.</summary>
    [Theory]
    [InlineData("envoy/envoy-closed.yaml", "name=envoy.filters.http.ext_authz", "typed_config", "failure_mode_allow", "false")]
    [InlineData("envoy/envoy-open.yaml", "name=envoy.filters.http.ext_authz", "typed_config", "failure_mode_allow", "true")]
    [InlineData("litellm/config-closed.yaml", "guardrail_name=stillhunt", "litellm_params", "unreachable_fallback", "fail_closed")]
    [InlineData("litellm/config-open.yaml", "guardrail_name=stillhunt", "litellm_params", "unreachable_fallback", "fail_open")]
    public void A_gateway_that_is_not_run_here_is_told_its_fail_mode_where_it_reads_it(string file, string of, string under, string setting, string mode)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(file)));
        var (key, name) = (of.Split('=')[0], of.Split('=')[1]);
        var asks = Assert.Single(yaml.Documents[0].AllNodes.OfType<YamlMappingNode>(), node => node.Children.TryGetValue(key, out var value) && value.ToString() == name);
        var settings = Assert.IsType<YamlMappingNode>(asks.Children[under]);
        Assert.True(settings.Children.TryGetValue(setting, out var stated), $"{file} leaves {setting} to the gateway's default.");
        Assert.Equal(mode, stated.ToString());

        // And whoever chooses reads in the docs which setting it is, and that nobody ran it.
        var row = Assert.Single(File.ReadLines(Path.Combine(Repository.Root, "docs", "enforcement.md")), line => line.StartsWith($"| [{(of.Contains("envoy", StringComparison.Ordinal) ? "Envoy" : "LiteLLM")}]", StringComparison.Ordinal));
        Assert.Contains($"`{setting}", row, StringComparison.Ordinal);
        Assert.Contains("transcribed from documentation", row, StringComparison.Ordinal);
    }

    /// <summary>LiteLLM asks anew with every fifth piece of a stream, each time with all of it so far, unless it is told not to; and what is changed in it then reaches nobody.</summary>
    [Theory]
    [InlineData("litellm/config-closed.yaml")]
    [InlineData("litellm/config-open.yaml")]
    public void LiteLlm_asks_once_about_a_stream(string file) => Assert.Contains("\n      streaming_end_of_stream_only: true\n", Read(file), StringComparison.Ordinal);

    [Theory]
    [InlineData("nginx/stillhunt-ask.conf", "http://stillhunt", "/v1/enforce/nginx", "GET")]
    [InlineData("envoy/envoy-closed.yaml", "path_prefix: ", "/v1/enforce/envoy", "POST")]
    [InlineData("portkey/config-closed.json", "http://127.0.0.1:8087", "/v1/enforce/portkey", "POST")]
    public async Task What_a_configuration_asks_is_there(string file, string before, string path, string method)
    {
        Assert.Contains(before + path, Read(file), StringComparison.Ordinal);
        await using var server = await RunningServer.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await server.Http.SendAsync(request);
        Assert.NotEqual(404, (int)answer.StatusCode);
    }

    [Fact]
    public void Lock_files_name_no_registry()
    {
        var text = Read("portkey/package-lock.json");
        Assert.Contains("\"integrity\": \"sha512-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, "integrations", file));

    private static IEnumerable<string> WithoutComments(string text) => text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
}
