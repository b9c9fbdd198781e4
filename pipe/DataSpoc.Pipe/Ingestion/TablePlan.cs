using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Transforms.Checks;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Ingestion.Quarantine;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>How the rows of one table are written.</summary>
internal sealed record TablePlan
{
    /// <summary>Nothing is said about the table.</summary>
    public static TablePlan Plain { get; } = new();

    /// <summary>How rows meet those that are there; null: as the run says.</summary>
    public WriteMode? Mode { get; init; }

    /// <summary>The columns that identify a row; none: those the source names.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The column whose day rows are filed under; null: the day of extraction.</summary>
    public string? PartitionBy { get; init; }

    /// <summary>Whether <see cref="PartitionBy"/> is only for tables that have such a column (DataSpoc 1.0's <c>destination.partition_by</c>); rows of others are filed under the day of extraction.</summary>
    public bool PartitionsWherePossible { get; init; }

    /// <summary>How long files that are replaced stay for time travel; null: not at all.</summary>
    public TimeSpan? History { get; init; }

    public SchemaContract Contract { get; init; } = new();

    /// <summary>Columns whose type is given, by their name without regard to case.</summary>
    public IReadOnlyDictionary<string, LogicalType> Types { get; init; } = new Dictionary<string, LogicalType>();

    /// <summary>Columns that are masked, by their name without regard to case.</summary>
    public IReadOnlyDictionary<string, Mask> Masks { get; init; } = new Dictionary<string, Mask>();

    /// <summary>Whether it was said of this table by name, not of all (<c>*</c>), which need not have the same columns.</summary>
    public bool IsOfOne { get; init; }

    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>Whether rows must be seen together before they can be staged.</summary>
    public bool IsShaped => Mode is WriteMode.Merge || PartitionBy is not null || Checks.Count > 0;

    /// <summary>Whether a check is about all rows that a run brings: then nothing is committed before all have come.</summary>
    public bool JudgesTheRun => Checks.Any(check => check.Kind is CheckKind.RowCount or CheckKind.Freshness);

    /// <summary>What becomes of rows of files with a value that is not of a type that was given for the files.</summary>
    /// <param name="transformed">Whether they go through a transform.</param>
    public GivenMisfit ForGivenTypes(bool transformed) => Contract.Types switch
    {
        Reaction.Discard => GivenMisfit.LeftOut,
        Reaction.Quarantine when RecordRefusal.IsKeptApart(this, beforeTransform: transformed) => GivenMisfit.KeptApart,
        _ => GivenMisfit.Refused,
    };

    /// <summary>What the configuration says.</summary>
    /// <exception cref="UserError">A type, mask or check is none (<see cref="ExitCode.Usage"/>).</exception>
    public static TablePlan Of(string table, TableSettings settings)
    {
        try
        {
            return new()
            {
                Mode = settings.Mode,
                Key = settings.Key,
                PartitionBy = settings.PartitionBy,
                History = settings.History is { } history && history < TimeSpan.FromSeconds(1) ? throw new UserError("`history` is a second or more") { ExitCode = ExitCode.Usage, Hint = "write `history: 7d`, or leave it out" } : settings.History,
                Contract = settings.Schema ?? new(),
                Types = settings.Types.ToDictionary(pair => pair.Key, pair => TypeOf(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase),
                Masks = settings.Mask.ToDictionary(pair => pair.Key, pair => Mask.Parse(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase),
                IsOfOne = table != "*",
                Checks = [.. settings.Checks.Select(Check.Parse)],
            };
        }
        catch (UserError error)
        {
            throw new UserError(error.What, error) { Where = [("table", table), .. error.Where], Hint = error.Hint, ExitCode = error.ExitCode };
        }
    }

    private static LogicalType TypeOf(string column, string text)
    {
        try
        {
            return text.Equals("string", StringComparison.OrdinalIgnoreCase) ? LogicalType.Varchar : StorageTypes.Stored(LogicalType.Parse(text));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or DuckDbException)
        {
            throw new UserError($"`{text}` is not a type for `{column}`", fault) { ExitCode = ExitCode.Usage, Hint = "write bigint, decimal(12,2), double, string, date, timestamptz …" };
        }
    }
}

/// <summary>The plans of a pipeline's tables.</summary>
internal sealed class TablePlans
{
    private readonly Dictionary<string, TablePlan> _plans = new(StringComparer.Ordinal);
    private WriteMode? Mode { get; init; }
    private string? PartitionBy { get; init; }

    /// <summary>Nothing is said about any table.</summary>
    public static TablePlans None { get; } = new();

    /// <exception cref="UserError">A setting is none (<see cref="ExitCode.Usage"/>).</exception>
    /// <param name="tables">By table.</param>
    /// <param name="partitionBy">The column whose day rows are filed under, in tables that have it and of which nothing else is said; null: none.</param>
    public static TablePlans Of(IReadOnlyDictionary<string, TableSettings> tables, string? partitionBy = null)
    {
        var plans = new TablePlans { PartitionBy = partitionBy };
        foreach (var (table, settings) in tables)
            plans._plans.Add(table, TablePlan.Of(table, settings));
        return plans;
    }

    /// <summary>The same plans, with a mode for tables of which none is said.</summary>
    public TablePlans Otherwise(WriteMode? mode)
    {
        var plans = new TablePlans { Mode = mode is WriteMode.Merge or WriteMode.OverwritePartition ? mode : null, PartitionBy = PartitionBy };
        foreach (var (table, plan) in _plans)
            plans._plans.Add(table, plan);
        return plans;
    }

    /// <summary>The plan of a table, by its name in the bucket or at the source.</summary>
    public TablePlan For(string table, string? sourceName)
    {
        var plan = _plans.GetValueOrDefault(table) ?? (sourceName is null ? null : _plans.GetValueOrDefault(sourceName)) ?? _plans.GetValueOrDefault("*") ?? TablePlan.Plain;
        if (PartitionBy is not null && plan.PartitionBy is null)
            plan = plan with { PartitionBy = PartitionBy, PartitionsWherePossible = true };
        return plan.Mode is null && Mode is not null ? plan with { Mode = Mode } : plan;
    }

    /// <summary>Whether a run may commit on its way: a table that is replaced, whole or by days, is replaced once; and what is said of all rows of a run is judged once.</summary>
    public bool CommitsOnTheWay => Mode is not WriteMode.OverwritePartition && _plans.Values.All(plan => plan is { Mode: null or WriteMode.Append or WriteMode.Merge, JudgesTheRun: false });

    /// <summary>Tables that are named, to find misspelt ones.</summary>
    public IEnumerable<string> Names => _plans.Keys.Where(name => name != "*");
}
