namespace Stillhunt.Training;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same training on every machine.</summary>
internal sealed class TrainingRandom(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound)
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return (int)((z ^ z >> 31) % (ulong)bound);
    }

    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
