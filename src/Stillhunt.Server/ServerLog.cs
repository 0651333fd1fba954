using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Stillhunt.Server;

/// <summary>How servers log: one line an event, to standard error, since standard output is for results.</summary>
internal static class ServerLog
{
    public static void Configure(WebApplicationBuilder builder, LogLevel level)
    {
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        }).AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning).AddFilter("Stillhunt", level)
            // What keeps a host from starting is thrown, too, and told in one sentence by who started it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
