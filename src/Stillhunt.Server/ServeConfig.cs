using Stillhunt.Response;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Sharing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stillhunt.Server;

/// <summary>The content of <c>--config</c>: who is told of events, and what is shared.</summary>
public sealed record ServeConfig
{
    public NoticeConfig Notices { get; init; } = new();

    public SharingConfig Sharing { get; init; } = new();

    /// <summary>Null where anything is wrong; all faults together.</summary>
    public static ServeConfig? Load(string path, out IReadOnlyList<YamlFault> faults)
    {
        var found = new List<YamlFault>();
        faults = found;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(File.ReadAllText(path)));
            if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            {
                found.Add(new YamlFault(1, null, "The configuration has fields: webhooks, syslog, sharing."));
                return null;
            }

            var fields = new YamlFields(root, "", found);
            fields.OnlyKnows("webhooks", "syslog", "sharing");
            var config = new ServeConfig { Notices = NoticeConfig.Read(fields), Sharing = fields.Inner("sharing") is { } sharing ? SharingConfig.Read(sharing) : new SharingConfig() };
            return found.Count == 0 ? config : null;
        }
        catch (YamlException broken)
        {
            found.Add(new YamlFault(broken.Start.Line, null, $"This is no valid YAML: {broken.Message}"));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            found.Add(new YamlFault(0, null, $"The configuration {path} can't be read: {refused.Message}"));
        }

        return null;
    }
}
