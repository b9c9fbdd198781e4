using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Monitoring;

/// <summary>A line of <c>ml/monitoring/&lt;model&gt;</c>: a figure about a column, the answers or the performance, of one check.</summary>
/// <param name="About"><c>column</c>, <c>prediction</c> or <c>performance</c>.</param>
/// <param name="Name">The column or metric.</param>
/// <param name="Drift">The comparison; null for a performance figure.</param>
/// <param name="Before">Performance: on the holdout.</param>
/// <param name="Now">Performance: on this table.</param>
/// <param name="Alarm">Whether it is an alarm.</param>
internal sealed record MonitoringLine(string About, string Name, ColumnDrift? Drift, double? Before, double? Now, bool Alarm);

/// <summary>Appends the lines of a check to the model's monitoring table, once.</summary>
internal sealed class MonitoringTable(IObjectStore store, string tool, TimeProvider time)
{
    /// <summary>Appends.</summary>
    /// <param name="connection">For writing the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">Its version.</param>
    /// <param name="input">What was checked: table@snapshot.</param>
    /// <param name="lines">At least one.</param>
    /// <param name="cancel">Until the commit is recorded.</param>
    public async Task AppendAsync(Connection connection, string model, int version, string input, IReadOnlyList<MonitoringLine> lines, CancellationToken cancel)
    {
        var location = new TableLocation(Layer.Monitoring, null, model);
        var context = new RunContext(store, WritingTool.Ml, $"drift-{model}", tool, time);
        var session = await RunSession.StartAsync(context, cancel);
        var local = Path.Combine(store.ScratchFolder(session.RunId), "lines.parquet");
        var file = ParquetWriter.Write(connection, Select(version, input, lines), local, new(), cancel);
        var staged = await store.StageAsync(location.KeyOf(DataFileName.New(location, session.RunId, 1)), session.RunId, local, cancel);
        await session.CommitAsync(
            [new(location, ChangeMode.Append, file.Schema, context.AppId, session.NextSequence, session.RunId) { Files = [new(staged, null, file.Rows, file.Statistics)], Inputs = [input], Tool = context.Writer, Checks = Report(lines) }], null, cancel);
    }

    /// <summary>The lines of a version's newest check, and what was checked; none where there was none.</summary>
    /// <param name="connection">Where the table is known.</param>
    /// <param name="table">The monitoring table.</param>
    /// <param name="version">The version.</param>
    /// <param name="cancel">Interrupts.</param>
    public static (IReadOnlyList<MonitoringLine> Lines, string? Input) Last(Connection connection, SourceTable table, int version, CancellationToken cancel)
    {
        var rows = connection.Rows(
            $"SELECT about, name, alarm, rows, missing_before, missing_now, psi, psi_threshold, ks, chi_square, jensen_shannon, probability, false_discovery_rate, before, now, input FROM {table.From} "
            + string.Create(CultureInfo.InvariantCulture, $"WHERE model_version = {version} AND checked_at = (SELECT max(checked_at) FROM {table.From} WHERE model_version = {version})"), cancel);
        return ([.. rows.Select(r => new MonitoringLine((string)r[0]!, (string)r[1]!, r[3] is long n ? new((string)r[1]!, n, Of(r[4]), Of(r[5]), Of(r[6]), Of(r[7]), r[8] as double?, Of(r[9]), Of(r[10]), Of(r[11])) { Rate = Of(r[12]) } : null, r[13] as double?, r[14] as double?, r[2] is true))],
            rows.Count == 0 ? null : (string?)rows[0][15]);

        static double Of(object? value) => value as double? ?? 0;
    }

    /// <summary>The alarms, as reports of checks stand in catalogs: who has no DuckDB sees them there.</summary>
    private static JsonObject Report(IReadOnlyList<MonitoringLine> lines) => new()
    {
        ["status"] = lines.Any(line => line.Alarm) ? "failed" : "passed",
        ["results"] = new JsonArray([.. lines.Where(line => line.Alarm).Select(line => new JsonObject { ["check"] = $"drift({line.Name})", ["severity"] = "error", ["status"] = "failed", ["violations"] = 1 })]),
    };

    private string Select(int version, string input, IReadOnlyList<MonitoringLine> lines)
    {
        var rows = lines.Select(line => $"({string.Join(", ",
            Sql.Literal(line.About), Sql.Literal(line.Name), Number(line.Drift?.Rows), Number(line.Drift?.MissingBefore), Number(line.Drift?.MissingNow), Number(line.Drift?.Psi), Number(line.Drift?.PsiThreshold),
            Number(line.Drift?.Ks), Number(line.Drift?.ChiSquare), Number(line.Drift?.JensenShannon), Number(line.Drift?.Probability), Number(line.Drift?.Rate), Number(line.Before), Number(line.Now), line.Alarm ? "true" : "false")})");
        string[] numbers = ["missing_before", "missing_now", "psi", "psi_threshold", "ks", "chi_square", "jensen_shannon", "probability", "false_discovery_rate", "before", "now"];
        return $"""
            SELECT TIMESTAMPTZ {Sql.Literal(time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))} AS checked_at, {version}::INTEGER AS model_version, {Sql.Literal(input)} AS input,
                   about, name, rows::BIGINT AS rows, {string.Join(", ", numbers.Select(n => $"{n}::DOUBLE AS {n}"))}, alarm
            FROM (VALUES {string.Join(", ", rows)}) v(about, name, rows, {string.Join(", ", numbers)}, alarm)
            """;
    }

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "NULL";
}
