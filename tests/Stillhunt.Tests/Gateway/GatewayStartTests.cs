using Stillhunt.Server;
using Stillhunt.Server.Gateway;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Options that would be unsafe.</summary>
public sealed class GatewayStartTests
{
    [Fact]
    public async Task What_would_be_unsafe_does_not_start()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        foreach (var change in new Func<GatewayOptions, GatewayOptions>[]
        {
            options => options with { Urls = ["http://0.0.0.0:0"] }, options => options with { AdminUrl = "http://0.0.0.0:0" },
            options => options with { Upstream = new Uri("ftp://x/") }, options => options with { HelpUrl = "javascript:x" },
        })
            await Assert.ThrowsAsync<ServeRefusedException>(() => RunningGateway.Start(upstream, Dead, change: change));
    }
}
