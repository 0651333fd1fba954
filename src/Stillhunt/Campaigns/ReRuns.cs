using System.Collections;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Which accounts put the same prompt to more than one model, as evaluations do; not within minutes, as whoever keeps the best of several answers does.</summary>
internal sealed class ReRuns
{
    private readonly Traffic _traffic;

    /// <summary>Sampled exchanges whose prompt their account also put to another model: as it was written, and by its words alone.</summary>
    private readonly BitArray _again, _againInWords;

    public ReRuns(Traffic traffic, Shares shares)
    {
        _traffic = traffic;
        var found = shares.Of([true, false], countNumbers => Again(traffic, countNumbers));
        (_again, _againInWords) = (found[0], found[1]);
    }

    private static BitArray Again(Traffic traffic, bool countNumbers)
    {
        var found = new BitArray(traffic.Exchanges.Length);
        var sent = new List<(ulong Prompt, long Ms, uint Model, int Exchange)>();
        foreach (var subject in traffic.Subjects)
        {
            if (subject.SampleCount < 2) continue;
            sent.Clear();
            var text = Asking.Text(countNumbers && Asking.KnowsNumbers(traffic, Enumerable.Range(subject.First, subject.SampleCount)));
            for (var i = subject.First; i < subject.End; i++)
            {
                var exchange = traffic.Exchanges[i];
                if (exchange.User != 0) sent.Add((((ulong)exchange.System << 32) | text(exchange), exchange.TimeMs, exchange.Model, i));
            }

            sent.Sort();
            for (var k = 0; k < sent.Count;)
            {
                var first = k;
                bool isLater = false, isOther = false;
                for (; k < sent.Count && sent[k].Prompt == sent[first].Prompt; k++)
                {
                    isLater |= sent[k].Ms - sent[first].Ms > Asking.SoonMs;
                    isOther |= sent[k].Model != sent[first].Model;
                }

                for (var again = first; isLater && isOther && again < k; again++) found[sent[again].Exchange] = true;
            }
        }

        return found;
    }

    /// <summary>
    /// Share of a group's work whose text is known, of both halves, for it is no part of what grouped them; NaN where there is none. Where only a part of the exchanges was sampled, the twin on another model is
    /// often not in the sample: corrected for three models.
    /// </summary>
    /// <param name="countNumbers">Whether prompts that differ in their numbers are different ones.</param>
    public double Share(Cluster cluster, bool countNumbers)
    {
        var known = cluster.Extracting.Count(i => _traffic.Exchanges[i].User != 0);
        if (known == 0) return double.NaN;
        double sampled = 0, sent = 0;
        foreach (var member in cluster.Tested)
        {
            sampled += _traffic.Subjects[member].SampleCount;
            sent += _traffic.Subjects[member].ExchangeCount;
        }

        var (part, again) = (sampled / sent, countNumbers ? _again : _againInWords);
        return Math.Min(1, cluster.Extracting.Count(i => again[i]) / (double)known / (1 - ((1 - part) * (1 - part))));
    }
}
