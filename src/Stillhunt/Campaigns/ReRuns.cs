using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Which accounts put the same prompt to more than one model, as evaluations do.</summary>
internal sealed class ReRuns
{
    private readonly Traffic _traffic;

    /// <summary>For each account its sampled exchanges whose prompt it also put to another model.</summary>
    private readonly int[] _again;

    public ReRuns(Traffic traffic)
    {
        _traffic = traffic;
        _again = new int[traffic.Subjects.Count];
        var sent = new List<(ulong Prompt, uint Model)>();
        for (var s = 0; s < _again.Length; s++)
        {
            sent.Clear();
            for (var i = traffic.Subjects[s].First; i < traffic.Subjects[s].End; i++)
            {
                var exchange = traffic.Exchanges[i];
                if (exchange.User != 0) sent.Add((((ulong)exchange.System << 32) | exchange.User, exchange.Model));
            }

            sent.Sort();
            for (var k = 0; k < sent.Count;)
            {
                var first = k;
                while (k < sent.Count && sent[k].Prompt == sent[first].Prompt) k++;
                if (sent[first].Model != sent[k - 1].Model) _again[s] += k - first;
            }
        }
    }

    /// <summary>
    /// Share of exchanges, over all that the members sent, for it is no part of what grouped them; NaN where nothing was sampled. Where only a part
    /// of the exchanges was sampled, the twin on another model is often not in the sample: corrected for three models.
    /// </summary>
    public double Share(IEnumerable<int> members)
    {
        double sampled = 0, sent = 0, again = 0;
        foreach (var member in members)
        {
            sampled += _traffic.Subjects[member].SampleCount;
            sent += _traffic.Subjects[member].ExchangeCount;
            again += _again[member];
        }

        if (sampled == 0) return double.NaN;
        var part = sampled / sent;
        return Math.Min(1, again / sampled / (1 - ((1 - part) * (1 - part))));
    }
}
