using System.Text;
using System.Text.Json;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Notices;

/// <summary>An event as it is sent, one line: <c>{"seq":1,"kind":"new","campaign":"c-..","time":"..","text":".."}</c>.</summary>
internal static class EventJson
{
    public static string Of(NumberedEvent told)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", told.Seq);
            writer.WriteString("kind", told.Event.Kind);
            writer.WriteString("campaign", told.Event.Campaign.Length == 0 ? null : told.Event.Campaign);
            writer.WriteString("time", VerdictJson.Time(told.Event.AtMs));
            writer.WriteString("text", told.Event.Text);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }
}
