using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Anthropic's <c>metadata.user_id</c> is opaque, but some clients pack several ids into it: <c>user_H_account_A_session_S</c>, or a JSON object
/// with device, account and session. The session changes all the time: left in, each one would be an account of its own.
/// </summary>
internal static class CompoundUser
{
    private static ReadOnlySpan<byte> SessionMark => "_session_"u8;

    /// <summary>Sets the stable part as the given field, and the session as the conversation where none is known.</summary>
    public static void Set(JsonValue user, ExchangeField field, Exchange exchange, JsonScratch scratch)
    {
        if (!user.IsString || user.Raw.IsEmpty) return;
        var inside = scratch.Inside(user);
        if (inside.IsObject)
        {
            var account = Known(inside.Get("account_uuid"u8), inside.Get("account_id"u8), inside.Get("account"u8));
            var device = Known(inside.Get("device_id"u8), inside.Get("user_id"u8), inside.Get("user"u8));
            var stable = Known(account, device, default);
            // An object without any stable id names nobody.
            if (stable.IsString) exchange.SetText(field, stable);
            SetConversation(Known(inside.Get("session_id"u8), inside.Get("session"u8), default), exchange);
            return;
        }

        exchange.SetText(field, user);
        var text = exchange[field];
        var mark = text.LastIndexOf(SessionMark);
        if (mark <= 0 || !text.StartsWith("user_"u8)) return;
        Span<byte> session = stackalloc byte[Math.Min(text.Length - mark - SessionMark.Length, 256)];
        text.Slice(mark + SessionMark.Length, session.Length).CopyTo(session);
        Span<byte> who = stackalloc byte[Math.Min(mark, 512)];
        text[..who.Length].CopyTo(who);
        exchange.Set(field, who);
        if (!exchange.Has(ExchangeField.Conversation) && session.Length > 0) exchange.Set(ExchangeField.Conversation, session);
    }

    private static void SetConversation(JsonValue session, Exchange exchange)
    {
        if (session.IsString && !exchange.Has(ExchangeField.Conversation)) exchange.SetText(ExchangeField.Conversation, session);
    }

    private static JsonValue Known(JsonValue a, JsonValue b, JsonValue c) =>
        IsText(a) ? a : IsText(b) ? b : IsText(c) ? c : default;

    private static bool IsText(JsonValue value) => value.IsString && !value.Raw.IsEmpty;
}
