using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>Is given rows with the model's answers. The spans are valid during the call only.</summary>
/// <param name="chunk">The further columns that were asked for, first.</param>
/// <param name="matrix">The features, row-major.</param>
/// <param name="answers">Row-major: a number, the probability of yes, or a probability per class.</param>
internal delegate void RowsScored(DataChunk chunk, ReadOnlySpan<float> matrix, ReadOnlySpan<float> answers);

/// <summary>Lets a model answer for the rows of a table, chunk by chunk. The one way from rows to answers: predict, evaluate, explain and drift go it.</summary>
/// <param name="features">The model's preparation and answer rule.</param>
/// <param name="booster">Its trees.</param>
internal sealed class TableScoring(FeaturesDocument features, Booster booster)
{
    /// <summary>Answers for all rows of a SELECT's FROM clause.</summary>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="from">What follows FROM.</param>
    /// <param name="further">SQL of further columns.</param>
    /// <param name="scored">Given the rows.</param>
    /// <param name="cancel">Interrupts.</param>
    public void Run(Connection connection, string from, IReadOnlyList<string> further, RowsScored scored, CancellationToken cancel)
    {
        var preparation = features.Preparation();
        var writer = new FeatureWriter(preparation);
        var matrix = new float[DataChunk.Capacity * writer.Width];
        var outputs = new float[DataChunk.Capacity * features.Target.Outputs];
        IEnumerable<string> expressions = [.. further, .. preparation.Columns.Select(ColumnExpressions.Of)];
        using var reader = connection.Query($"SELECT {string.Join(", ", expressions)} FROM {from}", cancel);
        while (reader.NextChunk())
        {
            var rows = reader.Chunk.Count;
            var of = matrix.AsSpan(0, rows * writer.Width);
            writer.Write(reader.Chunk, further.Count, 0, of);
            var answers = outputs.AsSpan(0, rows * features.Target.Outputs);
            Answer(of, rows, answers);
            scored(reader.Chunk, of, answers);
        }
    }

    /// <summary>Answers for rows of features.</summary>
    public void Answer(ReadOnlySpan<float> matrix, int rows, Span<float> answers)
    {
        booster.Predict(matrix, rows, answers);
        features.Answer?.Apply(answers);
    }
}
