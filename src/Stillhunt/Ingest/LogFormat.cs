using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>A format that is read as it is.</summary>
public sealed class LogFormat
{
    internal LogFormat(string name, string summary, string example, string accountRule, FormatSignature signature, Func<ReadingOptions, RecordReader> reader)
    {
        Name = name;
        Summary = summary;
        Example = example;
        AccountRule = accountRule;
        Signature = signature;
        Reader = reader;
    }

    /// <summary>What <c>--format</c> takes.</summary>
    public string Name { get; }

    /// <summary>One sentence.</summary>
    public string Summary { get; }

    /// <summary>One record, invented.</summary>
    public string Example { get; }

    /// <summary>Which field is taken as the account.</summary>
    public string AccountRule { get; }

    internal FormatSignature Signature { get; }

    internal Func<ReadingOptions, RecordReader> Reader { get; }
}
