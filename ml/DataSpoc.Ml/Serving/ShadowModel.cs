using System.Globalization;
using System.Text.Json;

namespace DataSpoc.Ml.Serving;

/// <summary>Another version that is asked the same, beside; what it would have said is logged, and how often it differs is counted.</summary>
/// <param name="shelf">The version.</param>
/// <param name="figures">Counts.</param>
/// <param name="log">Is given a line per row that is answered otherwise.</param>
internal sealed class ShadowModel(ModelShelf shelf, ServingFigures figures, Action<string> log)
{
    /// <summary>Asks. Never fails: a shadow that cannot answer is counted as such.</summary>
    /// <param name="served">The version that answered.</param>
    /// <param name="body">The request.</param>
    /// <param name="many">Whether it is a list.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="answers">What was answered.</param>
    /// <param name="now">When.</param>
    public void Ask(ServedModel served, JsonElement body, bool many, int rows, float[] answers, DateTimeOffset now)
    {
        if (shelf.Current is not { } model)
            return;
        try
        {
            var matrix = new float[rows * model.Rows.Width];
            var views = model.Views;
            for (var row = 0; row < rows; row++)
                model.Rows.Encode(many ? body[row] : body, row, matrix.AsSpan(row * model.Rows.Width, model.Rows.Width), views, now);
            if (model.Answer(matrix, rows) is not { } others || others.Length != answers.Length)
                return;
            for (var i = 0; i < answers.Length; i++)
            {
                var off = Math.Abs(others[i] - (double)answers[i]);
                figures.Shadowed(off);
                if (off > 0)
                    log(string.Create(CultureInfo.InvariantCulture, $"shadow {model.Model.Run.Model}@{model.Model.Run.ModelVersion} answers {others[i]:G7}, {served.Model.Run.Model}@{served.Model.Run.ModelVersion} {answers[i]:G7}"));
            }
        }
        catch (JsonRowException)
        {
            figures.ShadowFailed();
        }
    }
}
