using System.Globalization;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Transforms.Checks;

/// <summary>What a check found.</summary>
/// <param name="Check">The check.</param>
/// <param name="Violations">Rows that break it; for row counts and freshness 1 where it fails. 0: it passed.</param>
public sealed record CheckResult(Check Check, long Violations)
{
    /// <summary>What was found instead, where that is no row: <c>0 rows</c>.</summary>
    public string? Found { get; init; }

    /// <summary>Some of the rows that break it, each as JSON.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Whether it keeps the rows from being committed.</summary>
    public bool Blocks => Violations > 0 && Check.Severity == CheckSeverity.Error;

    /// <summary><c>passed</c>, <c>warned</c> or <c>failed</c>.</summary>
    public string Status => Violations == 0 ? "passed" : Blocks ? "failed" : "warned";

    /// <summary>The finding in words: <c>not_null(id): 3 rows</c>.</summary>
    public override string ToString() => $"{Check.Text}: {Found ?? string.Create(CultureInfo.InvariantCulture, $"{Violations} {(Violations == 1 ? "row" : "rows")}")}";
}

/// <summary>What the checks of a table found.</summary>
/// <param name="Results">In the order of the checks.</param>
public sealed record CheckReport(IReadOnlyList<CheckResult> Results)
{
    /// <summary>Whether the rows must not be committed.</summary>
    public bool Blocks => Results.Any(result => result.Blocks);

    /// <summary>Findings that are told and do not block.</summary>
    public IEnumerable<CheckResult> Warnings => Results.Where(result => result.Violations > 0 && !result.Blocks);

    /// <summary>The report as it stands in the manifest and in logs: what was found, without rows.</summary>
    public JsonObject ToJson() => new()
    {
        ["status"] = Blocks ? "failed" : Warnings.Any() ? "warned" : "passed",
        ["results"] = new JsonArray([.. Results.Select(result => (JsonNode)new JsonObject
        {
            ["check"] = result.Check.Text,
            ["severity"] = result.Check.Severity == CheckSeverity.Warn ? "warn" : "error",
            ["status"] = result.Status,
            ["violations"] = result.Violations,
        })]),
    };

    /// <summary>The error of a report that blocks: which checks, and some of the rows.</summary>
    /// <param name="table">The table as people know it.</param>
    /// <param name="hint">What to do; null where nothing can be advised.</param>
    public UserError ToError(string table, string? hint)
    {
        var failed = Results.Where(result => result.Blocks).ToArray();
        return new($"the new rows of `{table}` fail {string.Create(CultureInfo.InvariantCulture, $"{failed.Length} of {Results.Count}")} checks, nothing was committed")
        {
            Where = [("table", table), .. failed.SelectMany(result => result.Rows.Select(row => ("row", Cut(row))).Prepend(("check", result.ToString())))],
            Hint = hint,
            ExitCode = ExitCode.Refused,
        };
    }

    private static string Cut(string row) => row.Length <= 300 ? row : row[..300] + " …";
}
