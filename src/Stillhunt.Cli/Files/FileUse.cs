namespace Stillhunt.Cli.Files;

/// <summary>What a command does with the files that an option or argument names.</summary>
internal enum FileUse
{
    /// <summary>Reads a file, or all files of a folder.</summary>
    Read,

    /// <summary>Reads it whole before anything is written, so that a new version may take its place.</summary>
    ReadFirst,

    /// <summary>Reads what a pattern finds: files, globs, folders, <c>-</c>.</summary>
    Logs,

    /// <summary>Reads what <c>NAME=GLOB</c> finds.</summary>
    Sources,

    /// <summary>Writes a file anew.</summary>
    Written,

    /// <summary>Reads a file and changes it.</summary>
    Kept,
}
