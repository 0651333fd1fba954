using Stillhunt.Response;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;

namespace Stillhunt.Server.Sharing;

/// <summary>What goes out by itself, and what of others is looked for.</summary>
public sealed record SharingConfig
{
    /// <summary>The name under which the receivers know this provider; null where nothing is published.</summary>
    public string? Producer { get; init; }

    /// <summary>The group's key, for sketches; null where there is none.</summary>
    public GroupKey? Key { get; init; }

    public IReadOnlyList<PublishTarget> Publish { get; init; } = [];

    /// <summary>The file that <c>share import</c> and <c>share pull</c> write; null where nothing is looked for.</summary>
    public string? IntelPath { get; init; }

    /// <summary>What no indicator may hit.</summary>
    public AllowList Allowed { get; init; } = AllowList.Empty;

    internal static SharingConfig Read(YamlFields fields)
    {
        fields.OnlyKnows("producer", "group_key_file", "publish", "intel", "allow");
        var config = new SharingConfig
        {
            Producer = fields.Text("producer"), Key = Read(fields, "group_key_file", GroupKey.Load), Publish = [.. fields.Items("publish").Select(Target).OfType<PublishTarget>()],
            IntelPath = fields.Text("intel"), Allowed = Read(fields, "allow", Allow) ?? AllowList.Empty,
        };
        if (config.Producer is { Length: > 200 }) fields.Fault("producer", "producer takes a name of at most 200 characters.");
        if (config.Publish.Count > 0 && string.IsNullOrWhiteSpace(config.Producer)) fields.Fault("producer", "To publish, say producer: the name under which the receivers know you.");
        if (config.Publish.GroupBy(target => target.Collection, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            fields.Fault("publish", $"The collection {twice.Key} stands twice. What one profile publishes the other would mark anew: give each a collection of its own.");
        return config;
    }

    private static PublishTarget? Target(YamlFields fields)
    {
        fields.OnlyKnows("collection", "profile", "mail_domains");
        if (fields.Text("collection") is not { Length: > 0 } collection)
        {
            fields.Fault("collection", "Say into which collection: its id or alias, as 'stillhunt share collection list' shows it.");
            return null;
        }

        var name = fields.Text("profile") ?? ShareProfile.Partner.Name;
        if (name == ShareProfile.Internal.Name || ShareProfile.Find(name) is not { } profile)
        {
            fields.Fault("profile", "profile takes partner or public; what is internal stays in your own house.");
            return null;
        }

        if (fields.Flag("mail_domains") is not true) return new PublishTarget(collection, profile);
        if (profile == ShareProfile.Public) fields.Fault("mail_domains", "mail_domains goes with the partner profile; nothing public names a mail domain.");
        return new PublishTarget(collection, profile with { MailDomains = true });
    }

    private static AllowList Allow(string path)
    {
        using var from = File.OpenText(path);
        return AllowList.Read(from);
    }

    private static T? Read<T>(YamlFields fields, string name, Func<string, T> read) where T : class
    {
        if (fields.Text(name) is not { } path) return null;
        try
        {
            return read(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            fields.Fault(name, $"{path} can't be used: {refused.Message}");
            return null;
        }
    }
}

/// <summary>Where confirmed campaigns go by themselves.</summary>
/// <param name="Collection">Id or alias of one of this server's collections.</param>
public sealed record PublishTarget(string Collection, ShareProfile Profile);
