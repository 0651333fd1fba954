namespace Stillhunt.Linking;

/// <summary>Reasoning handles that came in from accounts of more than one owner: somebody passed them on. Colleagues of one organisation may, and so may the tenants of one account, whose handles its servers keep.</summary>
internal sealed class ReplayedHandles
{
    private readonly HashSet<ulong> _handles = [];

    /// <param name="leftOut">Kinds of evidence, by their <see cref="ValueKinds.Id"/>, that may play no part: without handles nothing is a replay.</param>
    public ReplayedHandles(Traffic traffic, IReadOnlySet<string> leftOut)
    {
        if (leftOut.Contains(ValueKind.ReasoningRef.Id())) return;
        var first = new Dictionary<ulong, int>();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            var handle = traffic.Exchanges[i].ReasoningRef;
            if (handle != 0 && !first.TryAdd(handle, traffic.PayerOf(i)) && first[handle] != traffic.PayerOf(i)) _handles.Add(handle);
        }
    }

    /// <param name="handle">0 where none was passed in.</param>
    public bool Contains(ulong handle) => _handles.Contains(handle);
}
