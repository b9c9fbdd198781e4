using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Lens.Catalog;

/// <summary>A table and its files.</summary>
/// <param name="Table">The table.</param>
/// <param name="Content">Its files as the bucket has them.</param>
/// <param name="Paths">The same files on this machine; of a distant bucket, where their copies will be.</param>
internal sealed record LoadedTable(ResolvedTable Table, TableContent Content, IReadOnlyList<string> Paths)
{
    /// <summary>A table whose files nobody copied yet.</summary>
    public static LoadedTable Of(ResolvedTable table, TableContent content) =>
        new(table, content, content.Files.Count > 0 && content.Store.LocalPath(content.Files[0].Key) is null ? [] : [.. content.Files.Select(file => content.Store.LocalPath(file.Key)!)]);

    /// <summary>Whether its files have to be copied to be read.</summary>
    public bool IsDistant => Content.Files.Count > 0 && Content.Store.LocalPath(Content.Files[0].Key) is null;
}

/// <summary>What a query can be given.</summary>
/// <param name="Loaded">The tables it reads.</param>
/// <param name="Listed">Tables that it may ask the existence and the columns of, but does not read.</param>
/// <param name="Failed">What is wrong with tables that it may mean: said if it does.</param>
internal sealed record TableSelection(IReadOnlyList<LoadedTable> Loaded, IReadOnlyList<ResolvedTable> Listed, IReadOnlyList<(TableName Name, Contracts.UserError Error)> Failed)
{
    /// <summary>Nothing.</summary>
    public static TableSelection None { get; } = new([], [], []);

    /// <summary>The buckets' <c>ml.models</c>, where the query may read them.</summary>
    public IReadOnlyList<ModelList> Models { get; init; } = [];
}
