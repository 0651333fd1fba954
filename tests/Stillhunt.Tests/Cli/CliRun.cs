using System.Diagnostics;

namespace Stillhunt.Tests.Cli;

/// <summary>The program as a user starts it: a process of its own.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Stillhunt.Cli.dll");

    public static CliRun Of(params string[] arguments) => With(null, arguments);

    /// <summary>Started in this folder, so that arguments may name files in it.</summary>
    public static CliRun In(string folder, params string[] arguments) => Run(null, StartIn(folder, arguments));

    public static CliRun With(string? input, params string[] arguments) => Run(input, Start(arguments));

    private static CliRun Run(string? input, Process started)
    {
        using var process = started;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"stillhunt {string.Join(' ', process.StartInfo.ArgumentList)} did not end.");
        }

        return new CliRun(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    public static Process Start(params string[] arguments) => StartIn("", arguments);

    private static Process StartIn(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", Program, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("COLUMNS");
        return Process.Start(start)!;
    }
}
