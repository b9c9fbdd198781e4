using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Features;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>A table that is read: how it is called in SQL and what is known of it.</summary>
/// <param name="Name">As the user wrote it, for messages: <c>curated.parcels_deliveries</c>.</param>
/// <param name="From">What follows FROM in SQL.</param>
/// <param name="Columns">Its columns, in order.</param>
internal sealed record SourceTable(string Name, string From, IReadOnlyList<ResultColumn> Columns)
{
    /// <summary>What exactly is read, for lineage: <c>curated/parcels/deliveries@12</c>; null outside a bucket.</summary>
    public string? Input { get; init; }

    /// <summary>What its rows were made from, as the last commit tells it.</summary>
    public IReadOnlyList<string> MadeFrom { get; init; } = [];

    /// <summary>The feature views that were joined to it; null without.</summary>
    public JoinedViews? Views { get; init; }

    /// <summary>All that is read: the table and the views joined to it, each with its snapshot.</summary>
    public IReadOnlyList<string> Inputs => [.. new[] { Input }.Concat((Views?.Views ?? []).Select(view => view.Input)).OfType<string>()];

    /// <summary>The columns that only say in which folder a row lies.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>The columns that identify a row; empty where nobody said.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>Describes what a FROM clause gives.</summary>
    public static SourceTable Describe(Connection connection, string name, string from, CancellationToken cancel)
    {
        using var reader = connection.Query($"SELECT * FROM {from} LIMIT 0", cancel);
        return new(name, from, reader.Columns);
    }

    /// <summary>A column that must be there.</summary>
    /// <param name="column">Its name, exactly.</param>
    /// <param name="asWhat">What it is wanted for: <c>target</c>.</param>
    /// <exception cref="UserError">It is not there (<see cref="ExitCode.Usage"/>).</exception>
    public ResultColumn Require(string column, string asWhat) => Columns.FirstOrDefault(c => c.Name == column) ?? throw new UserError(
        $"{asWhat} `{column}` is not a column of `{Name}`")
    {
        Where = [("columns", string.Join(", ", Columns.Select(c => c.Name)))],
        Hint = NearestName.Of(column, Columns.Select(c => c.Name)) is { } near ? $"did you mean `{near}`?" : null,
        ExitCode = ExitCode.Usage,
    };
}
