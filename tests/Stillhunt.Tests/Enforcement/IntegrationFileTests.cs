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
