using System.Runtime.InteropServices;
using System.Text;

namespace Stillhunt.Server;

/// <summary>What stands under a path. The framework tells folders and links from files, and no pipes: opened like a file, a named pipe waits for whoever is at its other end.</summary>
internal static class FileKind
{
    // statx(2): relative to the working folder; the field wanted; where the mode stands in the answer, which is laid out alike on every processor.
    private const int Here = -100, WantsType = 1, ModeAt = 28, AnswerBytes = 256;

    // inode(7).
    private const int TypeBits = 0xF000, Regular = 0x8000, Folder = 0x4000;

    /// <summary>Whether it is a pipe, a socket or a device. False for what is not there, and where the system can't be asked; links are followed.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var answer = new byte[AnswerBytes];
        try
        {
            return Statx(Here, Encoding.UTF8.GetBytes(path + "\0"), 0, WantsType, answer) == 0 && (BitConverter.ToUInt16(answer, ModeAt) & TypeBits) is not (Regular or Folder);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // Source-generated imports need unsafe code, which this project has none of.
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint wanted, byte[] answer);
#pragma warning restore SYSLIB1054
}
