using System.Runtime.InteropServices;
using System.Text;

namespace Stillhunt.Sketches;

/// <summary>Gives a file that is whole its name, once and for all: of several that try at the same time one succeeds. <see cref="File.Move(string, string)"/> looks first and renames then, and two may look at once.</summary>
internal static class HardLink
{
    /// <returns>False where a file of that name is there already.</returns>
    /// <exception cref="IOException">The file could not be named.</exception>
    public static bool TryName(string made, string path)
    {
        if (!OperatingSystem.IsWindows() && Link(Native(made), Native(path)) == 0)
        {
            File.Delete(made);
            return true;
        }

        if (File.Exists(path)) return false;
        try
        {
            // Windows, whose own move never overwrites, and file systems without hard links.
            File.Move(made, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private static byte[] Native(string path) => Encoding.UTF8.GetBytes(path + "\0");

#pragma warning disable SYSLIB1054 // Source-generated imports need unsafe code, which this project has none of.
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);
#pragma warning restore SYSLIB1054
}
