using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Contracts.Transforms.Checks;

/// <summary>What a check looks at.</summary>
public enum CheckKind
{
    /// <summary><c>not_null(a, b)</c>: no row has NULL there.</summary>
    NotNull,

    /// <summary><c>unique(a, b)</c>: no two rows of the table share these values; NULLs are equal to nothing.</summary>
    Unique,

    /// <summary><c>accepted_values(status, paid, open)</c>: one of these, or NULL.</summary>
    AcceptedValues,

    /// <summary><c>range(amount, 0, 100)</c>: within both bounds, or NULL; a bound left empty is none.</summary>
    Range,

    /// <summary><c>pattern(email, ^[^@]+@[^@]+$)</c>: the regular expression (RE2) is found in the text, or the value is NULL.</summary>
    Pattern,

    /// <summary><c>row_count(1, 1000)</c>: so many rows are brought; the upper bound may be left out.</summary>
    RowCount,

    /// <summary><c>freshness(updated_at, 24h)</c>: the newest value of the table is not older.</summary>
    Freshness,

    /// <summary><c>relationship(customer_id, raw.shop_customers.id)</c>: each value is in that column, or is NULL.</summary>
    Relationship,

    /// <summary><c>sql(amount >= tax)</c>: true for every row, or NULL.</summary>
    Expression,
}

/// <summary>What a failed check does.</summary>
public enum CheckSeverity
{
    /// <summary>Nothing is committed, exit code 3.</summary>
    Error,

    /// <summary>It is told, and committed.</summary>
    Warn,
}

/// <summary>
/// A statement about the rows of a table, looked at before they are committed. Written as one line, the same in the YAML of a pipeline and in the header of a transform;
/// <c>warn</c> before it only warns: <c>warn range(amount, 0, 1000)</c>.
/// </summary>
/// <param name="Kind">What it looks at.</param>
/// <param name="Text">As it is written, without its severity: its name in logs and errors.</param>
public sealed record Check(CheckKind Kind, string Text)
{
    /// <summary>What happens where it fails.</summary>
    public CheckSeverity Severity { get; init; }

    /// <summary>The columns it looks at; none for row counts and expressions.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The values that are accepted.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The lower bound of a range or row count, as written; null where there is none.</summary>
    public string? Minimum { get; init; }

    /// <summary>The upper bound, as written; null where there is none.</summary>
    public string? Maximum { get; init; }

    /// <summary>The regular expression, or the SQL.</summary>
    public string? Expression { get; init; }

    /// <summary>How old the newest value may be.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>The table that holds the values of a relationship: whoever runs the check mounts it before. Null for other checks.</summary>
    public TableName? Reference { get; init; }

    /// <summary>The column of <see cref="Reference"/>.</summary>
    public string? ReferencedColumn { get; init; }

    /// <summary>Whether the rows that stay in the table matter too (<see cref="CheckRun"/>).</summary>
    public bool LooksAtTable => Kind is CheckKind.Unique or CheckKind.Freshness;

    /// <summary>Reads a check as people write it.</summary>
    /// <exception cref="UserError">It is no check (<see cref="ExitCode.Usage"/>).</exception>
    public static Check Parse(string text) => CheckText.Parse(text);
}
