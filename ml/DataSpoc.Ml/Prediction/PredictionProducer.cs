using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>Reads a table chunk by chunk, predicts, and hands rows of predictions over. Memory does not grow with the table.</summary>
/// <param name="features">The model's preparation and target.</param>
/// <param name="booster">The model.</param>
/// <param name="columns">What is written.</param>
/// <param name="predictedAt">The time all rows carry.</param>
internal sealed class PredictionProducer(FeaturesDocument features, Booster booster, PredictionColumns columns, DateTimeOffset predictedAt)
{
    private readonly RowExplanation _explanation = new(features);
    private readonly byte[][] _classes = [.. features.Target.Classes.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The types of the chunks handed over: as written, but a class is a text, which the writer casts.</summary>
    public IReadOnlyList<LogicalType> Types =>
        [.. columns.Written.Select(c => c.Name == "prediction" && features.Target.Task != LearningTask.Regression ? LogicalType.Varchar : c.Type)];

    /// <summary>Predicts all rows. Completes the channel, with the failure if there is one.</summary>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="table">The input, which fits.</param>
    /// <param name="channel">Of <see cref="Types"/>.</param>
    /// <param name="progress">Told the rows so far.</param>
    /// <param name="cancel">Interrupts.</param>
    public void Run(Connection connection, SourceTable table, ChunkChannel channel, Action<long> progress, CancellationToken cancel)
    {
        try
        {
            Produce(connection, table, channel, progress, cancel);
            channel.Complete();
        }
#pragma warning disable CA1031 // the reader of the channel throws it as itself
        catch (Exception e)
#pragma warning restore CA1031
        {
            channel.Complete(e);
        }
    }

    private void Produce(Connection connection, SourceTable table, ChunkChannel channel, Action<long> progress, CancellationToken cancel)
    {
        var done = 0L;
        new TableScoring(features, booster).Run(
            connection, table.From, [.. columns.Carried.Select(c => c.Expression)],
            (input, matrix, answers) =>
            {
                var chunk = channel.Rent(cancel);
                Fill(chunk, input, matrix, answers, done);
                channel.Write(chunk);
                done += input.Count;
                progress(done);
            },
            cancel);
    }

    private void Fill(DataChunk chunk, DataChunk input, ReadOnlySpan<float> matrix, ReadOnlySpan<float> answers, long before)
    {
        var rows = input.Count;
        var column = 0;
        if (columns.RowNumber)
        {
            var positions = chunk.Writer(column++).Values<long>();
            for (var row = 0; row < rows; row++)
                positions[row] = before + row + 1;
        }
        for (var c = 0; c < columns.Carried.Count; c++)
            CarriedColumn.Copy(input.Reader(c), chunk.Writer(column++), rows);
        if (features.Target.Task == LearningTask.Regression)
            answers.CopyTo(chunk.Writer(column++).Values<float>());
        else
            Classes(chunk.Writer(column++), chunk.Writer(column++).Values<float>(), answers, rows);
        if (columns.Probabilities)
            All(chunk.Writer(column++), answers, rows);
        if (columns.Explained)
            Explain(chunk.Writer(column++), matrix, rows);
        chunk.Writer(column++).Values<int>()[..rows].Fill(features.ModelVersion);
        chunk.Writer(column).Values<long>()[..rows].Fill((predictedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        chunk.Count = rows;
    }

    private void Explain(VectorWriter explanations, ReadOnlySpan<float> matrix, int rows)
    {
        foreach (var (row, contributions) in _explanation.Rows(booster, matrix, rows).Index())
            explanations.SetString(row, Encoding.UTF8.GetBytes(RowExplanation.Json(contributions)));
    }

    // as JSON, class by class: {"north":0.7,"south":0.2,"west":0.1}
    private void All(VectorWriter probabilities, ReadOnlySpan<float> answers, int rows)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        for (var row = 0; row < rows; row++)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            for (var c = 0; c < _classes.Length; c++)
                json.WriteNumber(_classes[c], answers[(row * _classes.Length) + c]);
            json.WriteEndObject();
            json.Flush();
            probabilities.SetString(row, buffer.WrittenSpan);
        }
    }

    // binary: the probability of the positive class; several classes: of the one that is predicted
    private void Classes(VectorWriter predictions, Span<float> probabilities, ReadOnlySpan<float> answers, int rows)
    {
        var outputs = features.Target.Outputs;
        for (var row = 0; row < rows; row++)
        {
            var of = answers.Slice(row * outputs, outputs);
            var predicted = ModelAnswer.Class(features, of);
            predictions.SetString(row, _classes[predicted]);
            probabilities[row] = outputs == 1 ? of[0] : of[predicted];
        }
    }
}
