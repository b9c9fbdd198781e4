using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Files;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary>Looks at files: the first of them tells the columns.</summary>
internal sealed class FileLook(IngestionPlan plan, CommandContext context, Func<BucketUri, IObjectStore> open)
{
    public async Task<DiscoveredStream> DiscoverAsync(Database database)
    {
        var files = await FilesAsync();
        using var connection = database.Connect();
        using var copies = new TemporaryFolder("discover");
        var columns = Columns(await QueryAsync(connection, files[0]), connection, copies.Path, files[0]);
        var schema = new StreamSchema(plan.Table!, [.. columns.Select(column => new StreamColumn(column.Name, column.Type, true) { SourceName = column.Name })], []);
        return new(schema, files.Count == 1 ? "file" : $"{files.Count} files") { EstimatedBytes = files.Sum(file => file.Size) };
    }

    public async Task<PreviewedStream> PreviewAsync(Database database, int rows)
    {
        var file = (await FilesAsync())[0];
        using var connection = database.Connect();
        var transform = plan.Transform?.IsFor(plan.Table!) == true ? plan.Transform : null;
        using var copies = new TemporaryFolder("preview");
        try
        {
            var query = ExactJson.Of(await QueryAsync(connection, file), connection, copies.Path, context.Cancel);
            try
            {
                return Preview(connection, query, transform, rows, wholeFile: false);
            }
            catch (DuckDbException)
            {
                // as an ingestion does: the types found in the first rows do not hold for all that are shown
                return Preview(connection, query, transform, rows, wholeFile: true);
            }
        }
        catch (DuckDbException error)
        {
            throw transform is not null && !FileErrors.IsOne(error, [file]) ? transform.Failed(plan.Table!, error) : FileErrors.Of(error, FileKind.Of(file.Uri), [file]);
        }
    }

    private PreviewedStream Preview(Connection connection, FileQuery query, BatchTransform? transform, int rows, bool wholeFile)
    {
        var misfit = plan.Plans.For(plan.Table!, null).ForGivenTypes(transform is not null);
        var read = transform is null ? FileColumns.Of(query, _ => null, judges: false, wholeFile) : FileColumns.OfTransform(transform, plan.Table!, query, connection, _ => null, judges: false, wholeFile, misfit);
        var select = transform is null ? GivenTypes.Batch(query, _ => null, misfit, wholeFile) : read.Select;
        return new(plan.Table!, new(Layer.Raw, plan.Source, plan.Table!), [.. read.Columns.Select(column => new MountedColumn(column.Name, column.Meant ?? column.Type))],
            ResultRows.Read(connection, $"{select} LIMIT {rows}", context.Cancel), null);
    }

    private IReadOnlyList<(string Name, LogicalType Type)> Columns(FileQuery query, Connection connection, string folder, SourceFile file)
    {
        try
        {
            return ExactJson.Of(query, connection, folder, context.Cancel).Columns(wholeFile: false);
        }
        catch (DuckDbException error)
        {
            throw FileErrors.Of(error, FileKind.Of(file.Uri), [file]);
        }
    }

    private Task<IReadOnlyList<SourceFile>> FilesAsync() => FileSelection.FindAsync(plan.Files, context.Environment.WorkingFolder, open, context.Cancel);

    private async Task<FileQuery> QueryAsync(Connection connection, SourceFile file) => new(connection, FileKind.Of(file.Uri), [file.LocalPath ?? await FetchAsync(file)], plan.HasHeader) { Reading = plan.Reading, Names = [file.Uri] };

    private async Task<string> FetchAsync(SourceFile file)
    {
        var slash = file.Uri.IndexOf('/', "s3://".Length);
        await using var store = open(BucketUri.Parse(file.Uri[..slash]));
        return await ObjectCache.OfUser(context.Environment.Variable).FetchAsync(store, file.Uri[(slash + 1)..], file.Size, file.Version, context.Cancel);
    }
}
