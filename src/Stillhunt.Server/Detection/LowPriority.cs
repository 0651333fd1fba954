using System.Runtime.InteropServices;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Lets a thread give way to the rest of its process. .NET's own thread priorities do nothing on Linux, where a thread has a nice value of its own: decisions must
/// wait neither for detection, which takes all that is left, nor for intake.
/// </summary>
internal static class LowPriority
{
    private const int OfProcess = 0, ThisThread = 0, MostNice = 19;

    /// <summary>Two thirds of the weight of a thread that answers requests (sched(7)).</summary>
    public const int Intake = 2;

    /// <summary>
    /// A third. With a tenth, on a machine that other programs filled, a detection got no further for minutes, and since a thread that collects garbage or has to halt for it does so
    /// at its own priority, everybody stood still for a tenth of the time.
    /// </summary>
    public const int Detection = 5;

    /// <summary>Adds to what the process was started with: <c>nice stillhunt serve</c> must not make these threads the most important ones of it.</summary>
    /// <param name="steps">Of the nice value, above 0.</param>
    /// <returns>Whether the system took it; where not, the thread runs as any other.</returns>
    public static bool ForThisThread(int steps)
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return true;
        }

        return SetPriority(OfProcess, ThisThread, Math.Min(MostNice, Nice() + steps)) == 0;
    }

    /// <summary>Of this thread; Linux only.</summary>
    internal static int Nice() => GetPriority(OfProcess, ThisThread);

#pragma warning disable SYSLIB1054 // Source-generated imports need unsafe code, which this project has none of.
    [DllImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int nice);

    [DllImport("libc", EntryPoint = "getpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetPriority(int which, int who);
#pragma warning restore SYSLIB1054
}
