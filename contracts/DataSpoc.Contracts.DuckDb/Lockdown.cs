using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// Takes everything from a database but the files it is given, before a person's SQL is even parsed: no other file or folder is read or written,
/// nothing is attached, installed or loaded, and no setting can be changed again. It cannot be undone; another set of files needs another <see cref="Database"/>.
/// </summary>
public static class Lockdown
{
    /// <summary>Locks the connection's whole database.</summary>
    /// <param name="connection">Any connection of the database.</param>
    /// <param name="files">The files that queries may read, by the very paths under which they are mounted.</param>
    /// <param name="exportFile">The one file that may be written, or null.</param>
    public static void Apply(Connection connection, IEnumerable<string> files, string? exportFile = null)
    {
        // A path with glob characters is asked for twice: as the pattern that stands for it, and as itself.
        var paths = files.Concat(exportFile is null ? [] : [exportFile]).SelectMany(path => new[] { path, GlobPath.Literal(path) }).Distinct();
        connection.Execute(
            $"""
            SET GLOBAL allowed_paths = [{string.Join(", ", paths.Select(Sql.Literal))}];
            SET GLOBAL allow_community_extensions = false;
            SET GLOBAL enable_external_access = false;
            SET GLOBAL lock_configuration = true
            """);
    }
}
