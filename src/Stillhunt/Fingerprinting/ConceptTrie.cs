namespace Stillhunt.Fingerprinting;

/// <summary>
/// The lexicon's terms as one automaton over folded symbols: a double-array trie (Aoe, 1989), two array reads a symbol, so
/// that most words leave it after a few characters. Immutable once built.
/// </summary>
internal sealed class ConceptTrie
{
    public const int Root = 1;

    private readonly Cell[] _cells;
    private readonly ConceptSet[] _sets;

    private ConceptTrie(Cell[] cells, ConceptSet[] sets) => (_cells, _sets) = (cells, sets);

    /// <summary>
    /// A state, all of it in one cache line. The state after a symbol is at <paramref name="Base"/> + symbol if the cell there names this state in
    /// <paramref name="Check"/>.
    /// </summary>
    /// <param name="Whole">What a term that ends here means, if the word ends here too (0 = nothing); what its stem means is in it.</param>
    /// <param name="Prefix">What a stem that ends here means, however the word goes on (0 = nothing).</param>
    internal record struct Cell(int Base, int Check, ushort Whole, ushort Prefix);

    public Cell[] Cells => _cells;

    public ConceptSet Concepts(int accepted) => _sets[accepted];

    /// <summary>Builds from terms given as symbols.</summary>
    public static ConceptTrie Build(IEnumerable<(ushort[] Symbols, bool IsPrefix, int Concept)> terms)
    {
        var root = new Node();
        foreach (var (symbols, isPrefix, concept) in terms)
        {
            var node = root;
            foreach (var symbol in symbols)
            {
                if (!node.Children.TryGetValue(symbol, out var child)) node.Children[symbol] = child = new Node();
                node = child;
            }

            if (isPrefix) node.Prefix |= ConceptSet.Of(concept);
            else node.Whole |= ConceptSet.Of(concept);
        }

        return new Packer().Pack(root);
    }

    private sealed class Node
    {
        public SortedDictionary<ushort, Node> Children { get; } = [];
        public ConceptSet Whole { get; set; }
        public ConceptSet Prefix { get; set; }
    }

    private sealed class Packer
    {
        private const int LeastSearched = 64;
        private const double FullShare = 0.8;

        private Cell[] _cells = new Cell[1 << 16];
        private readonly Dictionary<ConceptSet, ushort> _ids = [];
        private readonly List<ConceptSet> _sets = [default];
        private int _firstFree = Root + 1;
        private int _firstRoomy = Root + 1;
        private int _last = Root;

        public ConceptTrie Pack(Node root)
        {
            _cells[Root].Check = -1;
            var queue = new Queue<(Node Node, int State)>();
            queue.Enqueue((root, Root));
            while (queue.TryDequeue(out var item))
            {
                var (node, state) = item;
                // A whole word also means what its stem means.
                _cells[state].Whole = Id(node.Whole | node.Prefix);
                _cells[state].Prefix = Id(node.Prefix);
                if (node.Children.Count == 0) continue;
                var symbols = node.Children.Keys.ToArray();
                var offset = Place(symbols);
                _cells[state].Base = offset;
                foreach (var (symbol, child) in node.Children)
                {
                    _cells[offset + symbol].Check = state;
                    _last = Math.Max(_last, offset + symbol);
                    queue.Enqueue((child, offset + symbol));
                }
            }

            return new ConceptTrie(_cells[..(_last + 1)], [.. _sets]);
        }

        private int Place(ushort[] symbols)
        {
            while (_cells[_firstFree].Check != 0) _firstFree++;
            // Nodes of several children would each search the same nearly full cells again: they start where it gets emptier.
            ref var from = ref symbols.Length > 1 ? ref _firstRoomy : ref _firstFree;
            from = Math.Max(from, _firstFree);
            var taken = 0;
            for (var slot = from; ; slot++)
            {
                if (slot - from >= LeastSearched && taken > FullShare * (slot - from)) (from, taken) = (slot, 0);
                Grow(slot + symbols[^1] + 1);
                var offset = slot - symbols[0];
                if (_cells[slot].Check != 0) taken++;
                if (offset < 1 || _cells[slot].Check != 0) continue;
                var free = true;
                foreach (var symbol in symbols)
                {
                    if (_cells[offset + symbol].Check == 0) continue;
                    free = false;
                    break;
                }

                if (free) return offset;
            }
        }

        private void Grow(int needed)
        {
            if (needed >= _cells.Length) Array.Resize(ref _cells, Math.Max(needed + 1, _cells.Length * 2));
        }

        private ushort Id(ConceptSet set)
        {
            if (set.IsEmpty) return 0;
            if (!_ids.TryGetValue(set, out var id))
            {
                id = (ushort)_sets.Count;
                _sets.Add(set);
                _ids[set] = id;
            }

            return id;
        }
    }
}
