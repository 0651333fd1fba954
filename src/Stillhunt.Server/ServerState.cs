using Stillhunt.Server.Decisions;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Intake;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Security;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server;

/// <summary>The parts of a running server, for its endpoints.</summary>
internal sealed record ServerState
{
    private int _ready;

    public required ServeLimits Limits { get; init; }

    /// <inheritdoc cref="ServeOptions.LeaveOut"/>
    public required IReadOnlySet<string> LeaveOut { get; init; }

    public required TimeProvider Time { get; init; }
    public required KeyedHash Hash { get; init; }
    public required IStore Store { get; init; }
    public required Counters Counters { get; init; }
    public required KeyRing Keys { get; init; }
    public required AccountBook Accounts { get; init; }
    public required CampaignBook Campaigns { get; init; }
    public required EventFeed Events { get; init; }
    public required IntakeLane Intake { get; init; }
    public required DetectionLoop Detection { get; init; }
    public required SuccessionWatch Succession { get; init; }
    public required DecisionBook Decisions { get; init; }

    /// <summary>Null where no policy file was named: then everything is watched and nothing done.</summary>
    public required PolicyWatch? Policy { get; init; }

    /// <summary>Null where no file is followed.</summary>
    public required FileTail? Tail { get; init; }

    public required PromptExpiry Prompts { get; init; }

    /// <summary>What of others' indicators was met here.</summary>
    public required IntelBook Intel { get; init; }

    /// <summary>Null where nothing is published.</summary>
    public required CampaignPublisher? Publisher { get; init; }

    /// <summary>Null where nobody is to be told.</summary>
    public required Messengers? Messengers { get; init; }

    /// <summary>Whether the store was read and traffic is taken.</summary>
    public bool IsReady => Volatile.Read(ref _ready) != 0;

    public void SetReady(bool ready) => Volatile.Write(ref _ready, ready ? 1 : 0);
}
