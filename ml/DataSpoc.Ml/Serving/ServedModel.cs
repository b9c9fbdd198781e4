using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Serving.Views;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Serving;

/// <summary>
/// A version that answers. XGBoost's booster is not for two threads at once: one batch at a time is predicted.
/// It is closed when it was replaced and its last batch is done.
/// </summary>
internal sealed class ServedModel : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Booster _booster;
    private readonly TableScoring _scoring;
    private readonly RowExplanation _explanation;
    private ServedViews? _views;
    private bool _closed;

    /// <summary>Owns the trees.</summary>
    /// <param name="model">What is known of it.</param>
    /// <param name="booster">Its trees.</param>
    /// <param name="views">Its feature views; null where it has none.</param>
    public ServedModel(ModelDescription model, Booster booster, ServedViews? views = null)
    {
        (Model, _booster, _views) = (model, booster, views);
        Logged = new(model.Features, views);
        Rows = new(model.Features);
        _scoring = new(model.Features, booster);
        _explanation = new(model.Features);
    }

    /// <summary>What is known of it.</summary>
    public ModelDescription Model { get; }

    /// <summary>How JSON becomes features.</summary>
    public JsonRows Rows { get; }

    /// <summary>Its feature views as they are now; null where it has none.</summary>
    public ServedViews? Views
    {
        get => Volatile.Read(ref _views);
        set => Volatile.Write(ref _views, value);
    }

    /// <summary>What of its rows is logged.</summary>
    public LoggedColumns Logged { get; }

    /// <summary>Answers for rows; null when it was closed meanwhile.</summary>
    public float[]? Answer(ReadOnlySpan<float> matrix, int rows)
    {
        var answers = new float[rows * Model.Features.Target.Outputs];
        lock (_gate)
        {
            if (_closed)
                return null;
            _scoring.Answer(matrix, rows, answers);
        }
        return answers;
    }

    /// <summary>Explains rows; null when it was closed meanwhile.</summary>
    public IReadOnlyList<IReadOnlyList<Contribution>>? Explain(ReadOnlySpan<float> matrix, int rows)
    {
        lock (_gate)
            return _closed ? null : _explanation.Rows(_booster, matrix, rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _booster.Dispose();
        }
    }
}
