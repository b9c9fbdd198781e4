using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Singer.Batches;

/// <summary>Gives access to the files that BATCH messages name.</summary>
internal interface IBatchFiles
{
    /// <summary>A local path with the file's content.</summary>
    /// <param name="uri">A path, <c>file://…</c> or <c>s3://bucket/key</c>.</param>
    /// <param name="cancel">Stops the fetching.</param>
    /// <exception cref="UserError">It is not there, or may not be read.</exception>
    Task<string> FetchAsync(string uri, CancellationToken cancel);

    /// <summary>Where Parquet is read.</summary>
    Connection Connect();
}
