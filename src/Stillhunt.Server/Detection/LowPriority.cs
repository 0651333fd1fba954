using System.Runtime.InteropServices;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Lets a thread give way to all others. .NET's own thread priorities do nothing on Linux, where a thread has a nice value of its own; detection
/// takes all that is left, and a decision must not wait for it.
/// </summary>
internal static class LowPriority
{
    private const int OfProcess = 0, ThisThread = 0;

    /// <summary>A third of an ordinary thread's weight (sched(7)): enough to give way, and not so little that other programs starve it.</summary>
    private const int Nice = 5;

    /// <returns>Whether the system took it; where not, the thread runs as any other.</returns>
    public static bool ForThisThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return true;
        }

        return SetPriority(OfProcess, ThisThread, Nice) == 0;
    }

#pragma warning disable SYSLIB1054 // Source-generated imports need unsafe code, which this project has none of.
    [DllImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int nice);
#pragma warning restore SYSLIB1054
}
