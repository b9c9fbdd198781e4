using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using Microsoft.AspNetCore.Http;

namespace DataSpoc.Ml.Serving;

/// <summary><c>POST /predict</c>: one row as an object, or several as a list.</summary>
/// <param name="shelf">The model.</param>
/// <param name="queue">Gathers rows.</param>
/// <param name="figures">Counts.</param>
/// <param name="shadow">Is asked too; its answers are logged, not served.</param>
/// <param name="log">Keeps what was answered for the bucket; null where that is not wanted.</param>
/// <param name="limits">What a request may hold.</param>
/// <param name="time">The clock.</param>
internal sealed class PredictionApi(ModelShelf shelf, PredictionQueue queue, ServingFigures figures, ShadowModel? shadow, RequestLog? log, ServingLimits limits, TimeProvider time)
{
    // hostile nesting is refused by the parser before it is stored
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var cancel = http.RequestAborted;
        try
        {
            using var body = await ReadAsync(http.Request, cancel);
            var explain = http.Request.Query.TryGetValue("explain", out var wanted) && wanted == "true";
            var content = await AnswerAsync(body.RootElement, explain, cancel);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = content.Length;
            // before the last byte, so that whoever has the answer finds it counted
            figures.Answered(time.GetElapsedTime(started));
            await http.Response.Body.WriteAsync(content, cancel);
        }
        catch (JsonException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "the body is not JSON of a row or a list of rows", []);
        }
        catch (JsonRowException error)
        {
            await RefuseAsync(http, StatusCodes.Status422UnprocessableEntity, string.Create(CultureInfo.InvariantCulture, $"row {error.Row} does not fit the model"), error.Faults);
        }
        catch (BadHttpRequestException error)
        {
            await RefuseAsync(http, error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is larger than {limits.MostBytes} bytes" : "the request is malformed", []);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // whoever asked is gone
            figures.Refused();
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancel) => await JsonDocument.ParseAsync(request.Body, Strict, cancel);

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(JsonElement body, bool explain, CancellationToken cancel)
    {
        var many = body.ValueKind == JsonValueKind.Array;
        var rows = many ? body.GetArrayLength() : 1;
        if (rows > limits.MostRows)
            throw new BadHttpRequestException($"more than {limits.MostRows} rows", StatusCodes.Status413PayloadTooLarge);
        var now = time.GetUtcNow();
        // a model that is closed between two lines was replaced: its successor answers
        while (true)
        {
            var model = shelf.Current ?? throw new BadHttpRequestException("no model", StatusCodes.Status503ServiceUnavailable);
            var (matrix, missing) = Encode(model, body, many, rows, now);
            var answers = rows == 0 ? [] : await queue.AnswerAsync(model, matrix, rows, cancel);
            var explained = explain && rows > 0 ? model.Explain(matrix, rows) : [];
            if (answers is null || explained is null)
                continue;
            shadow?.Ask(model, body, many, rows, answers, now);
            log?.Add(model, body, answers, now);
            Count(model, missing);
            return Write(model.Model.Features, answers, rows, many, explained, missing);
        }
    }

    // all rows of a request see the same snapshot of the views
    private static (float[] Matrix, IReadOnlyList<int>?[] Missing) Encode(ServedModel model, JsonElement body, bool many, int rows, DateTimeOffset now)
    {
        var (matrix, missing, views) = (new float[rows * model.Rows.Width], new IReadOnlyList<int>?[rows], model.Views);
        if (!many)
            missing[0] = model.Rows.Encode(body, 0, matrix, views, now);
        else
            foreach (var (row, json) in body.EnumerateArray().Index())
                missing[row] = model.Rows.Encode(json, row, matrix.AsSpan(row * model.Rows.Width, model.Rows.Width), views, now);
        return (matrix, missing);
    }

    private void Count(ServedModel model, IReadOnlyList<int>?[] missing)
    {
        foreach (var view in missing.SelectMany(of => of ?? []))
            figures.ViewMissed(model.Model.Features.Views!.Views[view].Name);
    }

    private static ReadOnlyMemory<byte> Write(FeaturesDocument features, float[] answers, int rows, bool many, IReadOnlyList<IReadOnlyList<Contribution>> explained, IReadOnlyList<int>?[] missing)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        if (many)
            json.WriteStartArray();
        for (var row = 0; row < rows; row++)
        {
            json.WriteStartObject();
            WriteAnswer(json, features, answers.AsSpan(row * features.Target.Outputs, features.Target.Outputs));
            if (explained.Count > 0)
            {
                json.WriteStartObject("explanation");
                foreach (var (column, added) in explained[row].OrderByDescending(c => Math.Abs(c.Added)))
                    json.WriteNumber(column, added);
                json.WriteEndObject();
            }
            if (missing[row] is { } unknown)
            {
                json.WriteStartArray("missing_views");
                foreach (var view in unknown)
                    json.WriteStringValue(features.Views!.Views[view].Name);
                json.WriteEndArray();
            }
            json.WriteString("model", features.Model);
            json.WriteNumber("model_version", features.ModelVersion);
            json.WriteEndObject();
        }
        if (many)
            json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteAnswer(Utf8JsonWriter json, FeaturesDocument features, ReadOnlySpan<float> outputs)
    {
        if (features.Target.Task == LearningTask.Regression)
        {
            json.WriteNumber("prediction", outputs[0]);
            return;
        }
        var answer = ModelAnswer.Class(features, outputs);
        json.WriteString("prediction", features.Target.Classes[answer]);
        // as in tables: of the positive class, or of the one that is answered
        json.WriteNumber("probability", outputs.Length == 1 ? outputs[0] : outputs[answer]);
        json.WriteStartObject("probabilities");
        for (var c = 0; c < features.Target.Classes.Count; c++)
            json.WriteNumber(features.Target.Classes[c], outputs.Length > 1 ? outputs[c] : c == 1 ? outputs[0] : 1 - outputs[0]);
        json.WriteEndObject();
    }

    private async Task RefuseAsync(HttpContext http, int status, string what, IReadOnlyList<string> details)
    {
        figures.Refused();
        if (http.Response.HasStarted)
            return;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("error", what);
            json.WriteStartArray("details");
            foreach (var detail in details)
                json.WriteStringValue(detail);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }
}

/// <summary>What a request may hold.</summary>
/// <param name="MostBytes">Of its body.</param>
/// <param name="MostRows">In a list.</param>
internal sealed record ServingLimits(long MostBytes = 4 << 20, int MostRows = 10_000);
