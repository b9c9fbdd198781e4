using System.Globalization;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Ml.Commands;

/// <summary>The two lines of a training's progress: rows that are read, then rounds.</summary>
internal sealed class TrainingLines(Progress progress, string model) : IDisposable
{
    private ProgressLine? _reading;
    private ProgressLine? _rounds;
    private int _earlier;
    private int _last;
    private int _trials;

    public void RowsRead(long rows) => (_reading ??= progress.Begin("read", "rows")).Report(rows);

    public void ReadingDone()
    {
        _reading?.Done();
        _reading = null;
    }

    public void RoundDone(int round)
    {
        // each fold of each trial counts its rounds from 1 on
        if (round == 1)
            (_earlier, _last) = (_earlier + _last, 0);
        _last = round;
        (_rounds ??= progress.Begin(model, "rounds")).Report(_earlier + _last);
    }

    public void TrialDone(int number) => _trials = Math.Max(_trials, number + 1);

    public void RoundsDone(string metric, double? figure)
    {
        _rounds?.Done(figure is { } best ? string.Create(CultureInfo.InvariantCulture, $"{_trials} trials, {metric} {best:0.#####} on validation rows") : null);
        _rounds = null;
    }

    public void Dispose()
    {
        _reading?.Dispose();
        _rounds?.Dispose();
    }
}
