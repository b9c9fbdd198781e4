using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Lens.Catalog;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Notebooks;

/// <summary>The statements that make another DuckDB know tables as they are now: exactly the files of their snapshots, under the names that lens has for them.</summary>
/// <param name="Statements">To be run in their order; run again, they change nothing.</param>
/// <param name="Tables">As a query names them, with the version that is mounted where the table has versions.</param>
internal sealed record LakeMounts(IReadOnlyList<string> Statements, IReadOnlyList<(string Name, long? Version)> Tables)
{
    /// <summary>Reads the tables' logs.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="buckets">Theirs.</param>
    /// <param name="variable">The AWS environment.</param>
    /// <param name="leftOut">Told of tables that cannot be mounted, and why.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<LakeMounts> ReadAsync(IReadOnlyList<ResolvedTable> tables, BucketSet buckets, Func<string, string?> variable, Action<ResolvedTable, string> leftOut, CancellationToken cancel)
    {
        using var database = Database.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        var views = new List<string>();
        var names = new List<(string, long?)>();
        var schemas = new List<(string Bucket, string Schema)>();
        foreach (var table in tables)
        {
            try
            {
                var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, new CheckpointReader(database), cancel);
                var paths = content.Files.Select(file => content.Store.LocalPath(file.Key) ?? DirectAccess.Url(content.Store.Bucket, file.Key)).ToArray();
                if (content.Snapshot is null && content.Files.Count > 0 && content.Store.LocalPath(content.Files[0].Key) is null)
                {
                    leftOut(table, "it is a folder without a Delta log, whose columns only its distant files tell");
                    continue;
                }
                views.Add(TableViews.Definition(TableMounts.Named(content.Mounted(connection, paths), table)));
                schemas.Add((table.Bucket.Name, table.Table.Schema));
                names.Add((buckets.Default == table.Bucket.Name ? table.Table.ToString() : table.View.ToString(), content.Snapshot?.Version));
            }
            catch (UserError error) when (error.ExitCode != ExitCode.Usage)
            {
                leftOut(table, error.What);
            }
        }
        return new([
            "SET TimeZone = 'UTC'",
            // credentials are found there as here: none is written down
            .. tables.Any(table => table.Bucket.Store.Bucket.Scheme == "s3")
                ? (string[])["INSTALL httpfs", "LOAD httpfs", "INSTALL aws", "LOAD aws", $"CREATE OR REPLACE SECRET lake (TYPE s3, PROVIDER credential_chain{new DirectAccess(variable).Place()})"] : [],
            .. schemas.Select(schema => schema.Bucket).Distinct().Select(bucket => $"ATTACH IF NOT EXISTS ':memory:' AS {SqlText.Identifier(bucket)}"),
            .. schemas.Distinct().Select(schema => $"CREATE SCHEMA IF NOT EXISTS {SqlText.Identifier(schema.Bucket)}.{SqlText.Identifier(schema.Schema)}"),
            .. views,
            .. buckets.Default is { } preferred && schemas.Exists(schema => schema.Bucket == preferred) ? (string[])[$"USE {SqlText.Identifier(preferred)}"] : [],
        ], names);
    }
}
