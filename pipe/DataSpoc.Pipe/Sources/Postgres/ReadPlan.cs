using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>A query, and where a later run goes on once all queries before it are done.</summary>
/// <param name="Sql">A SELECT.</param>
/// <param name="Part">The part of the table it reads, or null.</param>
/// <param name="File">The part's file.</param>
/// <param name="Page">The first page it reads.</param>
internal sealed record ReadUnit(string Sql, long? Part = null, long? File = null, long? Page = null);

/// <summary>What one run reads of a table.</summary>
/// <param name="Units">Queries that together give each row once.</param>
internal sealed record ReadPlan(IReadOnlyList<ReadUnit> Units)
{
    /// <summary>Pages that one query reads at most; a page is 8 KB.</summary>
    private const int MostPages = 32_768;
    private const int FewestPages = 1024;

    /// <summary>Whether the rows take the place of what the table holds.</summary>
    public bool Replaces { get; init; }

    /// <summary>The cursor's value up to which rows are read, once all of them are; null where there is no cursor, or no value.</summary>
    public string? Until { get; init; }

    /// <summary>Whether a run that is stopped in the middle may be gone on with by the next.</summary>
    public bool IsResumable { get; init; }

    /// <summary>The queries for the rows of a table.</summary>
    /// <param name="stream">The table.</param>
    /// <param name="filter">SQL, or null for all rows.</param>
    /// <param name="limit">Rows at most, or null.</param>
    public static ReadUnit Whole(PostgresStream stream, string? filter, int? limit = null) => new(Select(stream, stream.Table.Sql, filter, limit));

    /// <summary>The same rows by ranges of pages, part by part in the order of their ids; null where the table does not allow it.</summary>
    /// <param name="stream">The table.</param>
    /// <param name="filter">SQL, or null for all rows.</param>
    /// <param name="readers">Queries that run at once.</param>
    /// <param name="from">Where to go on, or null.</param>
    public static IReadOnlyList<ReadUnit>? Ranges(PostgresStream stream, string? filter, int readers, StreamBookmark? from)
    {
        var parts = stream.Table.Parts;
        // a part that this user may not read by itself is read through the whole
        if (stream.Table.Kind is not ('r' or 'p' or 'm') || !parts.All(part => part.IsReadable) || parts.Count == 0)
            return null;
        if (from?.Part is { } part && parts.FirstOrDefault(p => p.Oid == part) is { } current && current.File != from.File)
            return null;
        var step = Math.Clamp(parts.Sum(p => p.Pages) / (4 * readers), FewestPages, MostPages);
        var units = new List<ReadUnit>();
        foreach (var p in parts.Where(p => from?.Part is null || p.Oid >= from.Part))
        {
            var first = p.Oid == from?.Part ? from.Page ?? 0 : 0;
            if (p.Kind == 'f')
            {
                units.Add(new(Select(stream, p.Sql, filter, null), p.Oid, p.File, 0));
                continue;
            }
            for (var page = first; page == first || page < p.Pages; page += step)
                units.Add(new(Select(stream, $"ONLY {p.Sql}", And(filter, Range(page, page + step, p.Pages)), null), p.Oid, p.File, page));
        }
        return units;
    }

    // the last range has no end: pages that were added since hold no row of this snapshot, and cost nothing
    private static string? Range(long page, long end, long pages) => (page, end >= pages) switch
    {
        (0, true) => null,
        (_, true) => string.Create(CultureInfo.InvariantCulture, $"ctid >= '({page},0)'::pg_catalog.tid"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ctid >= '({page},0)'::pg_catalog.tid AND ctid < '({end},0)'::pg_catalog.tid"),
    };

    private static string? And(string? filter, string? range) => filter is null ? range : range is null ? filter : $"({filter}) AND {range}";

    private static string Select(PostgresStream stream, string from, string? filter, int? limit) =>
        $"SELECT {string.Join(", ", stream.Readings.Select(reading => reading.Expression))} FROM {from}{(filter is null ? "" : $" WHERE {filter}")}{(limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {limit}"))}";
}
