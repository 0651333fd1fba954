using Microsoft.Extensions.Logging;
using Stillhunt.Response;

namespace Stillhunt.Server.Decisions;

/// <summary>Follows the policy's file. A file with faults changes nothing: the policy that is in force stays, and the faults are told.</summary>
internal sealed partial class PolicyWatch : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly DecisionBook _decisions;
    private readonly ILogger _log;
    private readonly Lock _reading = new();
    private string? _seen;
    private IReadOnlyList<YamlFault> _faults = [];
    private Timer? _timer;
    private bool _ended;

    public PolicyWatch(string path, DecisionBook decisions, ILogger log) => (_path, _decisions, _log) = (path, decisions, log);

    /// <summary>What is wrong with the file as it stands; empty where it is in force.</summary>
    public IReadOnlyList<YamlFault> Faults => Volatile.Read(ref _faults);

    /// <exception cref="IOException">That the policy is in force from now on could not be noted: no server starts without its policy.</exception>
    public void Start()
    {
        lock (_reading) Read();
        _timer = new Timer(_ => Look(), null, Pace, Pace);
    }

    /// <summary>Reads the file if it changed.</summary>
    public void Look()
    {
        lock (_reading)
        {
            if (_ended) return;
            try
            {
                Read();
            }
            catch (IOException fault)
            {
                // The store has no room, or is busy: the next look tries again.
                Refuse([new YamlFault(0, null, $"The change could not be noted in the audit trail and is not in force yet: {fault.Message}")]);
            }
        }
    }

    private void Read()
    {
        string text;
        try
        {
            text = File.ReadAllText(_path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // An editor that replaces the file leaves a moment without one.
            Refuse([new YamlFault(0, null, $"The policy {_path} can't be read: {fault.Message}")]);
            return;
        }

        if (text == _seen) return;
        if (PolicyFile.Read(text, Path.GetFileName(_path), out var faults) is { } policy)
        {
            _decisions.Use(policy, "the file " + _path);
            Volatile.Write(ref _faults, []);
            InForce(_log, policy.Name, policy.Enforce ? "enforce" : "shadow");
        }
        else
        {
            Refuse(faults);
        }

        _seen = text;
    }

    /// <summary>No look is under way when this returns, so that the store can be closed.</summary>
    public void Dispose()
    {
        lock (_reading) _ended = true;
        _timer?.Dispose();
    }

    private void Refuse(IReadOnlyList<YamlFault> faults)
    {
        if (Faults.SequenceEqual(faults)) return;
        Volatile.Write(ref _faults, faults);
        foreach (var fault in faults) Refused(_log, _path, fault.Line, fault.Field ?? "-", fault.Text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The policy {Name} is in force, mode {Mode}")]
    private static partial void InForce(ILogger log, string name, string mode);

    [LoggerMessage(Level = LogLevel.Error, Message = "The policy stays as it was: {Path} line {Line}, {Field}: {Fault}")]
    private static partial void Refused(ILogger log, string path, long line, string field, string fault);
}
