namespace Stillhunt.Ingest.Formats;

/// <summary>The parts of an AWS identity: <c>arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION</c>, or a user, which has no session.</summary>
internal static class BedrockArn
{
    private static ReadOnlySpan<byte> RoleMark => ":assumed-role/"u8;

    /// <summary>The ARN up to its session; whole where it has none.</summary>
    public static ReadOnlySpan<byte> WithoutSession(ReadOnlySpan<byte> arn)
    {
        var session = SessionStart(arn);
        return session < 0 ? arn : arn[..(session - 1)];
    }

    /// <summary>The session's name; empty where the ARN has none.</summary>
    public static ReadOnlySpan<byte> Session(ReadOnlySpan<byte> arn)
    {
        var session = SessionStart(arn);
        return session < 0 ? default : arn[session..];
    }

    /// <summary>
    /// Whether a session's name is one that software made and will not use again: a stem with a counter (<c>worker-7</c>), an instance, a UUID.
    /// </summary>
    public static bool LooksRotating(ReadOnlySpan<byte> session)
    {
        if (session.Length > 10 && session.StartsWith("i-"u8) && session[2..].IndexOfAnyExcept(Hex) < 0) return true;
        if (session.Length == 36 && session.IndexOfAnyExcept(Hex) < 0) return true;
        var digits = session.Length;
        while (digits > 0 && char.IsAsciiDigit((char)session[digits - 1])) digits--;
        return digits < session.Length && (digits == 0 || session[digits - 1] is (byte)'-' or (byte)'_' or (byte)'.');
    }

    private static readonly System.Buffers.SearchValues<byte> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF-"u8);

    private static int SessionStart(ReadOnlySpan<byte> arn)
    {
        var role = arn.IndexOf(RoleMark);
        if (role < 0) return -1;
        var slash = arn.LastIndexOf((byte)'/');
        return slash > role + RoleMark.Length && slash < arn.Length - 1 ? slash + 1 : -1;
    }
}
