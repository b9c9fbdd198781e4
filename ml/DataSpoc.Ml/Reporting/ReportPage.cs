using System.Globalization;
using System.Text;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;
using static DataSpoc.Ml.Reporting.SvgPlot;

namespace DataSpoc.Ml.Reporting;

/// <summary>What a report is made of besides the version's own documents.</summary>
/// <param name="Aliases">The model's.</param>
/// <param name="Explained">What moves its answers; null where the table cannot be read any more.</param>
/// <param name="Slices">Figures by the values of columns.</param>
/// <param name="SlicesOf">Of which rows these are.</param>
/// <param name="Drift">Of a later table; empty without one.</param>
/// <param name="DriftTable">That table.</param>
/// <param name="Made">When.</param>
internal sealed record ReportContent(
    AliasesDocument Aliases, Contributions? Explained, IReadOnlyList<SliceFigure> Slices, string SlicesOf, IReadOnlyList<MonitoringLine> Drift, string? DriftTable, DateTimeOffset Made);

/// <summary>The headline figure over the rows of one value.</summary>
internal sealed record SliceFigure(string Column, string Value, int Rows, double Figure);

/// <summary>Writes a version's report: one HTML page without any reference to the outside. Pure.</summary>
internal static class ReportPage
{
    private const int MostFeatures = 20;

    /// <summary>The page.</summary>
    public static string Of(ModelDescription model, ReportContent content)
    {
        var page = new StringBuilder();
        var name = $"{model.Run.Model}@{model.Run.ModelVersion}";
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(name)}</title><style>{ReportStyle.Css}</style></head><body><main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(name)}</h1><p class=\"lead\">Predicts <b>{Text(model.Features.Target.Column)}</b> ({model.Metrics.Task.ToString().ToLowerInvariant()}) from {model.Features.Columns.Count} columns of <code>{Text(model.Run.Input ?? model.Run.Table)}</code></p>\n");
        Headline(page, model);
        Section(page, "How good it is", Figures(model.Metrics) + Answering(model));
        Section(page, "Curves", Plots(model));
        Section(page, "What matters", Importance(model, content.Explained));
        if (content.Slices.Count > 0)
            Section(page, $"Slices of {content.SlicesOf}", Table(["column", "value", "rows", model.Metrics.Metric], content.Slices.Select(s => new[] { s.Column, s.Value, Figure(s.Rows), Figure(s.Figure) })));
        if (content.Drift.Count == 0)
            Section(page, "Drift", $"<p>No later table was compared with training yet: <code>ml drift --model {Text(name)} --from …</code></p>");
        else
            Section(page, $"Drift of {content.DriftTable}", Table(["", "name", "PSI", "by chance up to", "Jensen-Shannon", "alarm"],
                content.Drift.Where(d => d.Drift is not null).OrderByDescending(d => d.Drift!.JensenShannon).Take(MostFeatures)
                    .Select(d => new[] { d.About, d.Name, Figure(d.Drift!.Psi), Figure(d.Drift.PsiThreshold), Figure(d.Drift.JensenShannon), d.Alarm ? "▲ alarm" : "–" })));
        Section(page, "Data", Data(model));
        Section(page, "How it was made", Lineage(model, content));
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void Headline(StringBuilder page, ModelDescription model)
    {
        var metrics = model.Metrics;
        var interval = metrics.Intervals.GetValueOrDefault(metrics.Metric);
        page.Append("<div class=\"cards\">");
        Card(metrics.Metric, metrics.Headline(metrics.Holdout) is { } figure ? Figure(figure) : "–", interval is null ? "no holdout" : $"{Figure(interval.Low)} to {Figure(interval.High)} (95 %)");
        Card("without looking", metrics.Headline(metrics.Baseline) is { } baseline ? Figure(baseline) : "–", "the same answer for all rows");
        Card("linear", metrics.Headline(metrics.Linear) is { } linear ? Figure(linear) : "–", "a linear model on the same rows");
        Card("rows", Figure(metrics.Rows.Training), $"learned from; {Figure(metrics.Rows.Holdout)} held out");
        page.Append("</div>\n");

        void Card(string title, string value, string note) => page.Append(CultureInfo.InvariantCulture, $"<div class=\"card\"><span>{Text(title)}</span><b>{Text(value)}</b><small>{Text(note)}</small></div>");
    }

    private static string Figures(MetricsDocument metrics) => Table(["figure", "holdout", "95 %", "without looking", "linear"], metrics.Holdout.Select(f => new[]
    {
        f.Key, Figure(f.Value), metrics.Intervals.GetValueOrDefault(f.Key) is { } i ? $"{Figure(i.Low)} to {Figure(i.High)}" : "–",
        metrics.Baseline.TryGetValue(f.Key, out var b) ? Figure(b) : "–", metrics.Linear.TryGetValue(f.Key, out var l) ? Figure(l) : "–",
    })) + $"<p>Rows were split <b>{metrics.Scheme}</b>{Scheme(metrics.Scheme)}: {Figure(metrics.Rows.Training)} to learn from{(metrics.Search is { } tried ? $", in {tried.Trials.Max(t => t.Folds)} {(tried.Trials.Max(t => t.Folds) == 1 ? "fold" : "folds")}" : "")}, {Figure(metrics.Rows.Holdout)} held out. {(metrics.Search is { } s ? $"{s.Trials.Count} sets of parameters were compared by {Text(s.Metric)} on {Figure(metrics.Rows.Validation)} rows; the best was number {s.Best}." : "There were too few rows to search for parameters.")}</p>";

    private static string Scheme(string scheme) => scheme switch
    {
        "grouped" => " (rows of one group are on one side)",
        "forward" => " (the latest are held out, and every fold is judged by rows that come after its own)",
        _ => "",
    };

    private static string Answering(ModelDescription model)
    {
        var (target, answer) = (model.Features.Target, model.Features.Answer);
        var lines = new List<string>();
        if (model.Metrics.Classes.Count > 0)
            lines.Add($"Rows of each class: {string.Join(", ", model.Metrics.Classes.Take(20).Select(c => string.Create(CultureInfo.InvariantCulture, $"<b>{Text(c.Key)}</b> {Figure(c.Value)} ({100.0 * c.Value / model.Metrics.Classes.Values.Sum():0.##} %)")))}.");
        if (model.Run.Request?.Boosting.ClassWeights is { } weights)
            lines.Add($"They counted {string.Join(", ", weights.Take(20).Select(w => Figure(w)))} in training, which is taken out of the probabilities again.");
        if (target.Classes.Count == 2)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"The answer is <b>{Text(target.Classes[1])}</b> from probability {answer?.Threshold ?? 0.5:0.####} on."));
        if (answer?.Calibration is not null || answer?.Classes is not null)
            lines.Add("The probabilities are calibrated.");
        return lines.Count == 0 ? "" : $"<p>{string.Join(' ', lines)}</p>";
    }

    private static string Plots(ModelDescription model)
    {
        if (model.Metrics.Curves is not { } curves)
            return "<p>There was no holdout.</p>";
        var plots = new StringBuilder("<div class=\"plots\">");
        Add("ROC", curves.Roc is { } roc ? SvgPlot.Of([("model", roc)], "negative rows taken for positive", "positive rows found", PlotHelp.UnitDiagonal) : "");
        Add("Precision and recall", curves.PrecisionRecall is { } pr ? SvgPlot.Of([("model", pr)], "positive rows found", "right among them", PlotHelp.Unit) : "");
        Add("Calibration", curves.Calibration is { } calibration ? SvgPlot.Of([("model", calibration)], "probability said", "share that was so", PlotHelp.UnitDiagonal) : "");
        Add("Answers and truth", curves.Residuals is { } residuals ? SvgPlot.Of([("rows", residuals)], "answer", "truth", PlotHelp.Diagonal, dots: true) : "");
        Add("What is left", curves.Residuals is { } left ? SvgPlot.Of([("rows", [.. left.Select(p => new[] { p[0], p[1] - p[0] })])], "answer", "truth less answer", PlotHelp.Zero, dots: true) : "");
        Add("Learning", curves.Learning is { } learning ? SvgPlot.Of([("validation", learning)], "rounds", "loss on validation rows") : "");
        if (curves.Confusion is { } confusion)
            Add("Right and wrong", Table(["right ↓ answer →", .. model.Features.Target.Classes], confusion.Take(20).Select((row, i) => new[] { model.Features.Target.Classes[i] }.Concat(row.Select(n => Figure(n))).ToArray())));
        return plots.Append("</div>").ToString();

        void Add(string title, string plot)
        {
            if (plot.Length > 0)
                plots.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Text(title)}</figcaption>{plot}</figure>");
        }
    }

    private static string Importance(ModelDescription model, Contributions? explained)
    {
        var gains = model.Metrics.Importance.GroupBy(f => f.Column).Select(g => (g.Key, Gain: g.Sum(f => f.Gain))).OrderByDescending(g => g.Gain).Take(MostFeatures).ToArray();
        var html = $"<div class=\"plots\"><figure><figcaption>What splits by a column won</figcaption>{Bars([.. gains.Select(g => (g.Key, g.Gain, string.Create(CultureInfo.InvariantCulture, $"{100 * g.Gain:0.#} %")))])}</figure>";
        if (explained is { Rows: > 0 })
            html += $"<figure><figcaption>What it moves an answer by (mean size of Shapley values, {Figure(explained.Rows)} rows)</figcaption>{Bars([.. explained.Columns.Take(MostFeatures).Select(c => (c.Column, c.MeanSize, Figure(c.MeanSize)))])}</figure>";
        html += "</div>";
        return explained is { Rows: > 0 } && ShapleyPlot.Of(explained) is { Length: > 0 } plot
            ? html + $"<figure><figcaption>Rows one by one: right of 0 a column raises the answer; the higher a dot in its line, the greater the column's value (categories lie in the middle)</figcaption>{plot}</figure>"
            : html;
    }

    private static string Data(ModelDescription model) =>
        Table(["column", "type", "used as", "features", "missing", "values"], model.Features.Columns.Select((c, i) => new[]
        {
            c.Name, c.Type, (c.Kind == ColumnKind.Category && c.Use != TextUse.Categories ? c.Use.ToString() : c.Kind.ToString()).ToLowerInvariant(), Figure(c.Features.Count),
            i < model.Features.Profile.Count && model.Features.Profile[i].Rows > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * model.Features.Profile[i].Missing / model.Features.Profile[i].Rows:0.#} %") : "–",
            i < model.Features.Profile.Count ? ColumnSpread.Of(c, model.Features.Profile[i]) : "–",
        })) + (model.Features.LeftOut.Count == 0 ? "" : "<h3>Left out</h3>" + Table(["column", "why"], model.Features.LeftOut.Select(c => new[] { c.Column, c.Detail })));

    private static string Lineage(ModelDescription model, ReportContent content)
    {
        string[][] facts =
        [
            ["input", model.Run.Input ?? model.Run.Table], ["trained", Time(model.Run.FinishedAt)], ["tool", $"{model.Run.Tool}, {model.Run.Engine}"], ["seed", Figure(model.Run.Seed)],
            ["command", "ml " + string.Join(' ', model.Run.Command)], ["rounds", Figure(model.Metrics.Rounds)],
            ["aliases", string.Join(", ", content.Aliases.Aliases.Where(a => a.Value == model.Run.ModelVersion).Select(a => a.Key))], ["run", model.Run.RunId], ["report", Time(content.Made)],
        ];
        var history = content.Aliases.History.Where(h => h.Version == model.Run.ModelVersion).Select(h => new[] { h.Alias, Time(h.At), h.By, h.Why }).ToArray();
        return Table(["", ""], facts, "facts") + (history.Length == 0 ? "" : "<h3>History</h3>" + Table(["alias", "when", "who", "why"], history))
            + "<details><summary>Parameters</summary>" + Table(["", ""], model.Run.Parameters.Select(p => new[] { p.Key, p.Value }), "facts") + "</details>";
    }

    private static string Time(DateTimeOffset? time) => time is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "–";

    private static void Section(StringBuilder page, string title, string body) => page.Append(CultureInfo.InvariantCulture, $"<section><h2>{Text(title)}</h2>{body}</section>\n");

    private static string Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string look = "")
    {
        var table = new StringBuilder($"<div class=\"wide\"><table class=\"{look}\">");
        if (heads.Any(h => h.Length > 0))
            table.Append("<thead><tr>").AppendJoin("", heads.Select(h => $"<th>{Text(h)}</th>")).Append("</tr></thead>");
        foreach (var row in rows)
            table.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>");
        return table.Append("</table></div>").ToString();
    }
}
