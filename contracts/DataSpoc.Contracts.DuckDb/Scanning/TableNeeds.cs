namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>What a query reads of a table.</summary>
/// <param name="Columns">The columns whose values it reads; null for all.</param>
/// <param name="Scans">What each of its scans of the table leaves out; a scan without filters needs every row. None where the table is not scanned.</param>
public sealed record TableNeeds(IReadOnlySet<string>? Columns, IReadOnlyList<ScanFilter> Scans)
{
    /// <summary>Every value of every row.</summary>
    public static TableNeeds Everything { get; } = new(null, [new([])]);

    /// <summary>Not even its files: the query does not scan the table.</summary>
    public static TableNeeds Nothing { get; } = new(new HashSet<string>(), []);
}

/// <summary>What a scan wants: rows that meet all of these.</summary>
public sealed record ScanFilter(IReadOnlyList<ColumnFilter> Filters);

/// <summary>What a scan wants of one column: any of the alternatives.</summary>
/// <param name="Column">The column.</param>
/// <param name="Alternatives">Each a list of comparisons that all hold.</param>
public sealed record ColumnFilter(string Column, IReadOnlyList<IReadOnlyList<Comparison>> Alternatives);

/// <summary>A comparison of a column with a constant.</summary>
/// <param name="Operator"><c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</param>
/// <param name="Literal">The constant as SQL.</param>
public sealed record Comparison(string Operator, string Literal);
