using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>The kinds of value that accounts can share, each in its block of evidence.</summary>
internal enum ValueKind
{
    Payment, Phone, EmailShape, EmailDomain, Referrer, Created,
    Ip, Network, Asn,
    Client, Tls, Headers, Shape, Tools,
    ReasoningRef,
}

/// <summary>What the kinds mean to the arithmetic and to the reader.</summary>
internal static class ValueKinds
{
    public static int Count { get; } = Enum.GetValues<ValueKind>().Length;

    public static string Block(this ValueKind kind) => kind switch
    {
        <= ValueKind.Created => "registration",
        <= ValueKind.Asn => "network",
        <= ValueKind.Tools => "client",
        _ => "content",
    };

    public static string Id(this ValueKind kind) => kind switch
    {
        ValueKind.EmailShape => "email-shape",
        ValueKind.EmailDomain => "email-domain",
        ValueKind.ReasoningRef => "reasoning-handle",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>In words, as the object of "share".</summary>
    public static string Words(this ValueKind kind) => kind switch
    {
        ValueKind.Payment => "a payment method",
        ValueKind.Phone => "a phone number",
        ValueKind.EmailShape => "a pattern of mail address",
        ValueKind.EmailDomain => "an uncommon mail domain",
        ValueKind.Referrer => "an uncommon referrer",
        ValueKind.Created => "the hour of their creation",
        ValueKind.Ip => "an address",
        ValueKind.Network => "a /24 or /48 network",
        ValueKind.Asn => "an uncommon network owner",
        ValueKind.Client => "an uncommon client version",
        ValueKind.Tls => "an uncommon TLS fingerprint",
        ValueKind.Headers => "an uncommon order of headers",
        ValueKind.Shape => "an uncommon set of request parameters",
        ValueKind.Tools => "a set of tools",
        _ => "a replayed reasoning handle",
    };
}

/// <summary>Values of every account by kind, with how many owners hold each: the inverted index of the infrastructure.</summary>
internal sealed class SharedValues
{
    private readonly ValueColumn[] _columns;
    private readonly bool[] _used;
    private readonly int[] _owners;

    /// <summary>Values of one kind that an account is remembered with; a phone roams over more addresses, a proxy pool over any number.</summary>
    private const int MostValues = 24;

    /// <param name="leftOut">Kinds, by their <see cref="ValueKinds.Id"/>, that are unknown of everybody.</param>
    public SharedValues(Traffic traffic, KeyedHash hash, IReadOnlySet<string> leftOut, Shares shares)
    {
        var used = Enum.GetValues<ValueKind>().Select(kind => !leftOut.Contains(kind.Id())).ToArray();
        _used = used;
        var counts = Enumerable.Range(0, ValueKinds.Count).Select(_ => new byte[traffic.Subjects.Count]).ToArray();
        var gathered = new Gathering[shares.SliceCount];
        shares.Slices(traffic.Subjects.Count, (slice, from, to) =>
        {
            gathered[slice] = new Gathering(traffic, hash, used);
            for (var s = from; s < to; s++) gathered[slice].Take(s, counts);
        });
        _owners = [.. traffic.Subjects.Select(subject => subject.Owner)];
        _columns = shares.Of([.. Enumerable.Range(0, ValueKinds.Count)], kind => new ValueColumn([.. gathered.Select(part => part.Release(kind))], counts[kind], _owners));
    }

    /// <summary>Ascending, without repeats; empty where the kind is unknown for the account.</summary>
    public ReadOnlySpan<ulong> Of(int subject, ValueKind kind) => _columns[(int)kind].Of(subject);

    /// <summary>All values of a kind.</summary>
    public ValueColumn Column(ValueKind kind) => _columns[(int)kind];

    /// <summary>Whether the kind may play a part.</summary>
    public bool IsUsed(ValueKind kind) => _used[(int)kind];

    public int OwnerOf(int subject) => _owners[subject];

    /// <summary>Owners that hold the value.</summary>
    public int Holders(ValueKind kind, ulong value) => _columns[(int)kind].Holders(value);

    /// <summary>Owners of which the kind is known at all.</summary>
    public int Known(ValueKind kind) => _columns[(int)kind].Known;

    /// <summary>Different values of the kind.</summary>
    public int Distinct(ValueKind kind) => _columns[(int)kind].Distinct;

    /// <summary>The values of one account after the other.</summary>
    private sealed class Gathering(Traffic traffic, KeyedHash hash, bool[] used)
    {
        private readonly List<ulong>[] _values = [.. Enumerable.Range(0, ValueKinds.Count).Select(_ => new List<ulong>())];

        /// <summary>By kind, of all accounts so far.</summary>
        private readonly List<ulong>[] _taken = [.. Enumerable.Range(0, ValueKinds.Count).Select(_ => new List<ulong>())];

        /// <summary>The values of a kind, which are not held here any longer.</summary>
        public List<ulong> Release(int kind)
        {
            var taken = _taken[kind];
            _taken[kind] = [];
            return taken;
        }

        /// <param name="counts">By kind and account, where the number of its values is put down.</param>
        public void Take(int account, byte[][] counts)
        {
            Gather(traffic.Subjects[account]);
            for (var kind = 0; kind < counts.Length; kind++) counts[kind][account] = Move(_values[kind], _taken[kind]);
        }

        private void Gather(Subject subject)
        {
            if (subject.Record is { } record)
            {
                Text(ValueKind.Payment, record.Payment);
                Text(ValueKind.Phone, record.Phone);
                Text(ValueKind.EmailShape, record.EmailShape);
                Text(ValueKind.EmailDomain, record.EmailDomain);
                Text(ValueKind.Referrer, record.Referrer);
                if (record.CreatedMs is { } created) Add(ValueKind.Created, (ulong)(created / 3_600_000) + 1);
            }

            for (var i = subject.First; i < subject.End; i++)
            {
                var exchange = traffic.Exchanges[i];
                Add(ValueKind.ReasoningRef, exchange.ReasoningRef);
                // What a reseller's or an application's servers show says nothing of the tenant behind them.
                if (subject.IsTenant) continue;
                Add(ValueKind.Ip, exchange.Ip);
                Add(ValueKind.Network, exchange.Ip is > 0 and <= uint.MaxValue ? exchange.Ip >> 8 : exchange.Ip >> 16);
                Add(ValueKind.Asn, exchange.Asn);
                Add(ValueKind.Client, exchange.Client);
                Add(ValueKind.Tls, exchange.Tls);
                Add(ValueKind.Headers, exchange.Headers);
                if (exchange.MaxTokens >= 0) Add(ValueKind.Shape, exchange.Shape);
                Add(ValueKind.Tools, exchange.Tools);
            }
        }

        private void Text(ValueKind kind, string? text)
        {
            if (!string.IsNullOrEmpty(text)) Add(kind, hash.Of(System.Text.Encoding.UTF8.GetBytes(text)) | 1);
        }

        private void Add(ValueKind kind, ulong value)
        {
            if (value == 0 || !used[(int)kind]) return;
            var values = _values[(int)kind];
            // Most requests of an account show what the one before did.
            if (values.Count == 0 || values[^1] != value) values.Add(value);
        }

        /// <summary>Moves what an account is remembered with. By value, not by arrival: which stay does not depend on the order of the log.</summary>
        private static byte Move(List<ulong> values, List<ulong> to)
        {
            if (values.Count > 1) values.Sort();
            byte count = 0;
            for (var v = 0; v < values.Count && count < MostValues; v++)
            {
                if (v > 0 && values[v] == values[v - 1]) continue;
                to.Add(values[v]);
                count++;
            }

            values.Clear();
            return count;
        }
    }
}
