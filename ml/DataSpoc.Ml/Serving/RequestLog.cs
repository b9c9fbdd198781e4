using System.Buffers;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Serving;

/// <summary>An answered row on its way to the bucket.</summary>
/// <param name="Features">Of the version that answered.</param>
/// <param name="Line">A JSON object: the model's columns, then what was answered.</param>
internal sealed record LoggedRow(FeaturesDocument Features, byte[] Line);

/// <summary>
/// Keeps the rows that were answered until they are written to the bucket. A request never waits for it: where writing does not keep up, rows are
/// dropped and counted.
/// </summary>
/// <param name="table">Where they go.</param>
/// <param name="figures">Counts.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told what goes wrong.</param>
internal sealed class RequestLog(RequestTable table, ServingFigures figures, TimeProvider time, Action<string> say) : IDisposable
{
    /// <summary>What waits at most, in bytes.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private List<LoggedRow> _rows = [];
    private long _bytes;

    /// <summary>Keeps the rows of a request.</summary>
    /// <param name="model">What answered.</param>
    /// <param name="body">One row or a list, which fit the model.</param>
    /// <param name="answers">Row-major.</param>
    public void Add(ServedModel model, JsonElement body, ReadOnlySpan<float> answers)
    {
        var features = model.Model.Features;
        var now = time.GetUtcNow();
        if (body.ValueKind != JsonValueKind.Array)
        {
            Keep(new(features, Line(features, body, answers, now)));
            return;
        }
        foreach (var (row, json) in body.EnumerateArray().Index())
            Keep(new(features, Line(features, json, answers.Slice(row * features.Target.Outputs, features.Target.Outputs), now)));
    }

    /// <summary>
    /// Writes what waits. What fails is said and tried again with the next flush (where a bucket loses the answer of a commit that landed, those
    /// rows are there twice); rows that the table refuses, as a column became another type, are dropped and counted.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        List<LoggedRow> rows;
        lock (_gate)
            (rows, _rows, _bytes) = (_rows, [], 0);
        try
        {
            while (rows.Count > 0)
                await WriteAsync(rows, cancel);
        }
        catch (UserError error)
        {
            say($"requests are not logged yet: {error.What}");
        }
        finally
        {
            foreach (var row in rows)
                Keep(row);
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    // those of one version: they have the same columns
    private async Task WriteAsync(List<LoggedRow> rows, CancellationToken cancel)
    {
        var features = rows[0].Features;
        try
        {
            await table.AppendAsync(features, [.. rows.Where(row => ReferenceEquals(row.Features, features)).Select(row => row.Line)], cancel);
            figures.Logged(rows.RemoveAll(row => ReferenceEquals(row.Features, features)));
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Refused)
        {
            figures.LogDropped(rows.RemoveAll(row => ReferenceEquals(row.Features, features)));
            say($"requests answered by version {features.ModelVersion} are not logged: {error.What}");
        }
    }

    private void Keep(LoggedRow row)
    {
        lock (_gate)
            if (_bytes + row.Line.Length <= MostBytes)
            {
                _rows.Add(row);
                _bytes += row.Line.Length;
                return;
            }
        figures.LogDropped(1);
    }

    private static byte[] Line(FeaturesDocument features, JsonElement row, ReadOnlySpan<float> outputs, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (i, column) in features.Columns.Index())
                if (row.TryGetProperty(column.Name, out var value) && value.ValueKind != JsonValueKind.Null)
                {
                    json.WritePropertyName(RequestTable.Field(i));
                    if (column.Kind == ColumnKind.Moment)
                        json.WriteNumberValue(JsonRows.Microseconds(value) ?? 0);
                    else
                        value.WriteTo(json);
                }
            if (features.Target.Task == LearningTask.Regression)
                json.WriteNumber(RequestTable.Answer, outputs[0]);
            else
            {
                var answer = ModelAnswer.Class(features, outputs);
                json.WriteString(RequestTable.Answer, features.Target.Classes[answer]);
                json.WriteNumber(RequestTable.Probability, outputs.Length == 1 ? outputs[0] : outputs[answer]);
            }
            json.WriteNumber(RequestTable.AnsweredAt, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
