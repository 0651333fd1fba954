namespace Stillhunt.Proving;

/// <summary>What the user asked for makes no sense; the message says why.</summary>
public sealed class RangeUsageException : Exception
{
    public RangeUsageException()
    {
    }

    public RangeUsageException(string message)
        : base(message)
    {
    }

    public RangeUsageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
