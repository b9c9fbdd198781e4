using DataSpoc.Pipe.Sources.Postgres;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>Where a database is.</summary>
/// <param name="Kind"><c>postgres</c> or <c>sqlite</c>: also the source's name in the bucket unless another is given (DataSpoc's rule for taps).</param>
/// <param name="Text">A URI or a path; it may hold a password and never enters a message.</param>
internal sealed record DatabaseAddress(string Kind, string Text)
{
    private const string SqliteScheme = "sqlite:";

    /// <summary>The database that an argument of a command means, or null: <c>postgres://…</c>, <c>sqlite:shop.db</c>.</summary>
    public static DatabaseAddress? Of(string argument) =>
        PostgresAddress.IsOne(argument) ? new("postgres", argument)
        : argument.StartsWith(SqliteScheme, StringComparison.Ordinal) ? new("sqlite", argument[SqliteScheme.Length..])
        : null;

    /// <summary>The same with a relative path made absolute.</summary>
    public DatabaseAddress In(string folder) => Kind == "sqlite" ? this with { Text = Path.GetFullPath(Text, folder) } : this;
}
