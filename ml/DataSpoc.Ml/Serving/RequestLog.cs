using System.Buffers;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Serving;

/// <summary>An answered row on its way to the bucket.</summary>
/// <param name="Columns">Of the version that answered.</param>
/// <param name="Line">A JSON object: the columns, then what was answered.</param>
internal sealed record LoggedRow(LoggedColumns Columns, byte[] Line);

/// <summary>
/// Keeps the rows that were answered until they are written to the bucket. A request never waits for it: where writing does not keep up, rows are
/// dropped and counted.
/// </summary>
/// <param name="table">Where they go.</param>
/// <param name="figures">Counts.</param>
/// <param name="say">Told what goes wrong.</param>
internal sealed class RequestLog(RequestTable table, ServingFigures figures, Action<string> say) : IDisposable
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
    /// <param name="now">When.</param>
    public void Add(ServedModel model, JsonElement body, ReadOnlySpan<float> answers, DateTimeOffset now)
    {
        var (features, columns) = (model.Model.Features, model.Logged);
        if (body.ValueKind != JsonValueKind.Array)
        {
            Keep(new(columns, Line(columns, body, answers, now)));
            return;
        }
        foreach (var (row, json) in body.EnumerateArray().Index())
            Keep(new(columns, Line(columns, json, answers.Slice(row * features.Target.Outputs, features.Target.Outputs), now)));
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
        var columns = rows[0].Columns;
        try
        {
            await table.AppendAsync(columns, [.. rows.Where(row => ReferenceEquals(row.Columns, columns)).Select(row => row.Line)], cancel);
            figures.Logged(rows.RemoveAll(row => ReferenceEquals(row.Columns, columns)));
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Refused)
        {
            figures.LogDropped(rows.RemoveAll(row => ReferenceEquals(row.Columns, columns)));
            say($"requests answered by version {columns.Features.ModelVersion} are not logged: {error.What}");
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

    private static byte[] Line(LoggedColumns columns, JsonElement row, ReadOnlySpan<float> outputs, DateTimeOffset now)
    {
        var features = columns.Features;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (i, column) in columns.Columns.Index())
                if (column.Name == columns.Time && !row.TryGetProperty(column.Name, out _))
                    json.WriteNumber(RequestTable.Field(i), JsonRows.Micros(now));
                else if (row.TryGetProperty(column.Name, out var value) && value.ValueKind != JsonValueKind.Null)
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
            json.WriteNumber(RequestTable.AnsweredAt, JsonRows.Micros(now));
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
