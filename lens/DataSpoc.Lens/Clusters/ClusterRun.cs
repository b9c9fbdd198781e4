using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Export;
using DataSpoc.Lens.Sql;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Clusters;

/// <summary>One run of <c>lens sql --engine clickhouse://…</c>: the query is run there, its rows come as one file and go where the rows of any query go.</summary>
/// <param name="context">The command's.</param>
/// <param name="address">The cluster.</param>
internal sealed class ClusterRun(CommandContext context, ClickHouseAddress address)
{
    /// <summary>Runs it.</summary>
    /// <param name="sql">Not yet trusted.</param>
    /// <param name="arguments">What <c>lens sql</c> was given.</param>
    /// <param name="configuration">What <c>lens.yaml</c> says.</param>
    /// <param name="delivery">Where the rows go.</param>
    /// <param name="time">How long it may take; null for ever.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="UserError">An option does not fit, or the query is refused here or there.</exception>
    public async Task RunAsync(string sql, SqlArguments arguments, LensConfiguration configuration, ResultDelivery delivery, TimeSpan? time, CancellationToken cancel)
    {
        if (arguments.AsOf is not null || arguments.Explain || arguments.Unsafe)
            throw new UserError($"`{(arguments.Unsafe ? "--unsafe" : arguments.Explain ? "--explain" : "--as-of")}` is of this machine's engine alone") { Hint = "leave out `--engine`", ExitCode = ExitCode.Usage };
        if (address.ShowsPassword)
            context.Messages.Warn($"the password goes to {address.Url.Host} without encryption", "write clickhouses:// where the server speaks TLS");
        await using var buckets = BucketSelection.Open(arguments.Buckets, configuration, context.Environment);
        var options = Engine.Options(configuration);
        using var database = Database.Open(options);
        using var connection = database.Connect();
        var tables = new ClickHouseTable(context.Environment.Variable);
        var query = await Explained(() => ClusterQuery.OfAsync(connection, sql, buckets, table => tables.Source(table.Bucket.Store.Bucket, table.Table.Location, address.Cluster, address.Collection), cancel));
        context.Messages.Detail(query);
        var folder = Directory.CreateDirectory(options.TempDirectory!).FullName;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.parquet"));
        try
        {
            using (var client = new ClickHouseClient(address))
                await client.QueryAsync(query, file, arguments.Limit ?? delivery.RowsShown, time, cancel);
            Lockdown.Apply(connection, [file], delivery.ExportTo);
            var rows = $"FROM read_parquet({SqlText.Literal(file)})";
            await Explained(() =>
            {
                delivery.Deliver(token => connection.Query(rows, token), (path, limit, token) => ParquetExport.Run(connection, rows, limit, path, token), cancel);
                return Task.FromResult(0);
            });
        }
        finally
        {
            File.Delete(file);
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }

    private static async Task<T> Explained<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (DuckDbException error)
        {
            throw QueryErrors.Explain(error);
        }
    }
}
