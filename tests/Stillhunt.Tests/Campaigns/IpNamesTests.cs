using System.Text;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Tests.Campaigns;

public sealed class IpNamesTests
{
    [Theory]
    [InlineData("198.51.100.9", "ip 198.51.100.9", "network 198.51.100.0/24")]
    [InlineData("::ffff:198.51.100.9", "ip 198.51.100.9", "network 198.51.100.0/24")]
    [InlineData("198.51.100.9:50123", "ip 198.51.100.9", "network 198.51.100.0/24")]
    [InlineData("192.0.2.1, 203.0.113.5,198.51.100.9", "ip 198.51.100.9", "network 198.51.100.0/24")]
    [InlineData("192.0.2.1, 198.51.100.9:50123 ", "ip 198.51.100.9", "network 198.51.100.0/24")]
    [InlineData("192.0.2.1, 2001:db8:1:2:3:4:5:6", "network 2001:db8:1:2::/64", null)]
    [InlineData("[2001:db8:1:2:3:4:5:6]:443", "network 2001:db8:1:2::/64", null)]
    [InlineData("2001:db8:1:2:3:4:5:6", "network 2001:db8:1:2::/64", null)]
    [InlineData("fe80::1", null, null)]
    public void An_address_has_the_names_that_indicators_give_it(string address, string? own, string? network)
    {
        var ip = IpNumber.Read(Encoding.UTF8.GetBytes(address));
        Assert.NotNull(ip);
        Assert.Equal(own, Text(IpNames.Of(ip.Value)));
        Assert.Equal(network, Text(IpNames.OfNetwork(IpNames.NetworkOf(ip.Value))));

        static string? Text((string Kind, string Value)? name) => name is { } known ? $"{known.Kind} {known.Value}" : null;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a keyed hash")]
    [InlineData("sha256:9f2c")]
    [InlineData("999.1.1.1")]
    public void What_is_no_address_has_no_number(string text) => Assert.Null(IpNumber.Read(Encoding.UTF8.GetBytes(text)));
}
