using System.Globalization;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;

namespace Stillhunt.Bench;

/// <summary>How a detection that lacked some kinds of evidence fared; sums over runs add up.</summary>
/// <param name="Recalled">Extracting exchanges of flagged accounts, of <paramref name="Extracting"/>.</param>
/// <param name="RightAccounts">Extracting accounts that are flagged, of <paramref name="ExtractingAccounts"/>.</param>
/// <param name="Right">Flagged accounts and end users that extract, of <paramref name="Flagged"/>.</param>
/// <param name="Honest">Honest accounts in a flagged campaign.</param>
/// <param name="LogLoss">Bits an account, were one in ten accounts extracting (<see cref="Reliability"/>); 0 where nobody extracts.</param>
internal sealed record AblationFinding(
    string Mixture, long Seed, string LeftOut, int Found, int Cases, double Recalled, double Extracting, double RightAccounts, double ExtractingAccounts, double Right, double Flagged,
    int FalseCampaigns, int Honest, double LogLoss)
{
    public static AblationFinding Of(string mixture, long seed, string leftOut, RangeTruth truth, RangeResult result)
    {
        var score = RangeScore.Score(truth, result);
        return new AblationFinding(mixture, seed, leftOut, score.Cases.Count(c => c.Found), score.Cases.Count, score.Cases.Sum(c => c.ExchangeRecall * c.ExtractingCount), score.Cases.Sum(c => c.ExtractingCount),
            score.Cases.Sum(c => c.AccountRecall * c.AccountCount), score.Cases.Sum(c => c.AccountCount), (score.AccountPrecision ?? 0) * score.FlaggedAccounts, score.FlaggedAccounts,
            score.FalseCampaigns.Count, score.Touched.Sum(kind => kind.Touched), Reliability.Of(Membership.Of(truth, result)).LogLosses is [.., var last] ? last.Bits : 0);
    }

    public static AblationFinding operator +(AblationFinding a, AblationFinding b) =>
        new(a.Mixture, a.Seed, a.LeftOut, a.Found + b.Found, a.Cases + b.Cases, a.Recalled + b.Recalled, a.Extracting + b.Extracting, a.RightAccounts + b.RightAccounts, a.ExtractingAccounts + b.ExtractingAccounts,
            a.Right + b.Right, a.Flagged + b.Flagged, a.FalseCampaigns + b.FalseCampaigns, a.Honest + b.Honest, a.LogLoss + b.LogLoss);

    public string Line => string.Create(CultureInfo.InvariantCulture,
        $"{Mixture};{Seed};{LeftOut};{Found};{Cases};{Recalled:R};{Extracting:R};{RightAccounts:R};{ExtractingAccounts:R};{Right:R};{Flagged:R};{FalseCampaigns};{Honest};{LogLoss:R}");

    /// <exception cref="InvalidDataException">A line is not one that <see cref="Line"/> writes.</exception>
    public static IEnumerable<AblationFinding> Read(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var fields = line.Split(';');
            if (fields.Length != 14) throw new InvalidDataException($"{path}, line {number}: 14 fields are needed, and there are {fields.Length}.");
            double Number(int field) => double.TryParse(fields[field], CultureInfo.InvariantCulture, out var value) ? value : throw new InvalidDataException($"{path}, line {number}, field {field + 1}: '{fields[field]}' is no number.");
            yield return new AblationFinding(fields[0], (long)Number(1), fields[2], (int)Number(3), (int)Number(4), Number(5), Number(6), Number(7), Number(8), Number(9), Number(10), (int)Number(11), (int)Number(12), Number(13));
        }
    }
}
