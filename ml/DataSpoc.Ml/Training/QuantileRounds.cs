using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Training;

/// <summary>
/// Rounds of trees for a quantile (Koenker and Bassett 1978). XGBoost has an objective for it from 2.0 on only; this is gradient descent on the
/// pinball loss: in a leaf it ends where the wanted share of rows lies below. The steps are in the unit of the labels' spread.
/// </summary>
internal sealed class QuantileRounds
{
    private readonly Booster _booster;
    private readonly Matrix _training;
    private readonly float[] _labels;
    private readonly float[] _weights;
    private readonly double _quantile;
    private readonly float _start;
    private readonly float _unit;
    private readonly float[] _answers;
    private readonly float[] _gradients;
    private int _rounds;

    /// <summary>For a booster whose base score is <paramref name="start"/>.</summary>
    /// <param name="booster">Without trees.</param>
    /// <param name="training">The rows.</param>
    /// <param name="labels">Of these.</param>
    /// <param name="weights">Of these; null where all count the same.</param>
    /// <param name="quantile">Above 0 and below 1.</param>
    /// <param name="start">The answer without trees.</param>
    public QuantileRounds(Booster booster, Matrix training, float[] labels, float[]? weights, double quantile, double start)
    {
        (_booster, _training, _labels, _quantile, _start) = (booster, training, labels, quantile, (float)start);
        _weights = weights ?? [.. Enumerable.Repeat(1f, labels.Length)];
        _unit = (float)Math.Max(1e-6, labels.Length == 0 ? 1 : labels.Average(label => Math.Abs(label - start)) / Math.Max(quantile, 1 - quantile) * 2);
        _answers = [.. Enumerable.Repeat(_start, labels.Length)];
        _gradients = new float[labels.Length];
    }

    /// <summary>Adds a round.</summary>
    public void Add()
    {
        for (var i = 0; i < _labels.Length; i++)
            _gradients[i] = _weights[i] * _unit * (float)(_answers[i] > _labels[i] ? 1 - _quantile : -_quantile);
        _booster.Boost(_training, _gradients, _weights);
        Follow(_answers, _training, _rounds++);
    }

    /// <summary>Adds what the newest round answers to the answers so far, which began as <c>start</c>.</summary>
    public void Follow(float[] answers, Matrix matrix) => Follow(answers, matrix, _rounds - 1);

    /// <summary>The loss of answers.</summary>
    public double Loss(float[] labels, float[] answers) => Metrics.Pinball(labels, answers, _quantile);

    /// <summary>The quantile of labels by their weights: the best answer without trees.</summary>
    public static double Of(float[] labels, float[]? weights, double quantile)
    {
        var (sorted, heavy) = (labels.ToArray(), weights?.ToArray() ?? [.. Enumerable.Repeat(1f, labels.Length)]);
        Array.Sort(sorted, heavy);
        var (wanted, sum) = (heavy.Sum(w => (double)w) * quantile, 0.0);
        for (var i = 0; i < sorted.Length; i++)
            if ((sum += heavy[i]) >= wanted)
                return sorted[i];
        return sorted.Length == 0 ? 0 : sorted[^1];
    }

    private void Follow(float[] answers, Matrix matrix, int round)
    {
        var added = _booster.PredictRound(matrix, round);
        for (var i = 0; i < answers.Length; i++)
            answers[i] += added[i] - _start;
    }
}
