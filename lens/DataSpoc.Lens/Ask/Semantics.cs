using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Lens.Ask;

/// <summary>What <c>semantics.yaml</c> tells of the tables: what people call things, and how figures are computed.</summary>
internal sealed record Semantics
{
    /// <summary>Figures by the name that people have for them.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics { get; init; } = new Dictionary<string, Metric>();

    /// <summary>Another word → a table, a column or a metric.</summary>
    public IReadOnlyDictionary<string, string> Synonyms { get; init; } = new Dictionary<string, string>();

    /// <summary><c>raw.shop_orders</c> or <c>raw.shop_orders.total</c> → what it means.</summary>
    public IReadOnlyDictionary<string, string> Comments { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns whose values no model is shown: <c>email</c> in every table, or <c>raw.shop_orders.customer</c>.</summary>
    public IReadOnlyList<Located<string>> Private { get; init; } = [];

    /// <summary>The project's; an empty one where it has none.</summary>
    /// <exception cref="UserError">The file is wrong (<see cref="ExitCode.Usage"/>), with its line.</exception>
    public static Semantics Of(Project project) => File.Exists(project.PathOf("semantics.yaml")) ? project.Load<Semantics>(".", "semantics") : new();

    /// <summary>What was said of a table or a column, by the names it has in SQL.</summary>
    public string? CommentOn(params IEnumerable<string> names) =>
        names.Select(name => Comments.FirstOrDefault(comment => comment.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(comment => comment is not null);

    /// <summary>Whether no model is shown the values of a column.</summary>
    /// <param name="tables">The names that the table has in SQL.</param>
    /// <param name="column">The column.</param>
    public bool IsPrivate(IEnumerable<string> tables, string column) =>
        Private.Any(mark => mark.Value.Equals(column, StringComparison.OrdinalIgnoreCase) || tables.Any(table => mark.Value.Equals($"{table}.{column}", StringComparison.OrdinalIgnoreCase)));

    /// <summary>A mark that is misspelled would protect nothing.</summary>
    /// <param name="tables">The names that a table has in SQL.</param>
    /// <param name="columns">Its columns.</param>
    /// <exception cref="UserError">A mark names the table, but none of its columns (<see cref="ExitCode.Usage"/>).</exception>
    public void CheckMarks(IReadOnlyCollection<string> tables, IReadOnlyCollection<string> columns)
    {
        foreach (var mark in Private)
            if (tables.FirstOrDefault(table => mark.Value.StartsWith(table + ".", StringComparison.OrdinalIgnoreCase)) is { } table && !columns.Contains(mark.Value[(table.Length + 1)..], StringComparer.OrdinalIgnoreCase))
                throw mark.Wrong($"`private: {mark.Value}` names no column of {table}", $"there is {string.Join(", ", columns.Select(column => $"`{column}`"))}");
    }
}

/// <summary>A figure.</summary>
[ConfigurationShorthand(nameof(Sql))]
internal sealed record Metric
{
    /// <summary>How it is computed: <c>sum(total)</c>.</summary>
    public required string Sql { get; init; }

    /// <summary>Of which table.</summary>
    public string? From { get; init; }

    /// <summary>What it means.</summary>
    public string? Means { get; init; }
}
