using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Sources.BatchTransforms;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>The rows of files as a query gives them.</summary>
/// <param name="Columns">Names, types as they come, and the types they are meant as where these differ.</param>
/// <param name="Values">The columns' values in SQL over <paramref name="From"/>.</param>
/// <param name="From">What follows FROM.</param>
internal sealed record FileColumns(IReadOnlyList<(string Name, LogicalType Type, LogicalType? Meant)> Columns, IReadOnlyList<string> Values, string From)
{
    /// <summary>The SELECT of the rows, as the types that they are meant as.</summary>
    public string Select => $"SELECT {string.Join(", ", Columns.Zip(Values, (column, value) => $"CAST({value} AS {column.Meant ?? column.Type}) AS {Sql.Identifier(column.Name)}"))} FROM {From}";

    /// <summary>The files' own rows.</summary>
    /// <param name="query">The files.</param>
    /// <param name="typeOf">The type that a column is to have, or null: texts are read as it, so that 12 stays a text where the column is one.</param>
    /// <param name="judges">Whether values that may not be what they are meant as come as texts, to be judged one by one.</param>
    /// <param name="wholeFile">As in <see cref="FileQuery.Columns"/>.</param>
    public static FileColumns Of(FileQuery query, Func<string, LogicalType?> typeOf, bool judges, bool wholeFile) => Of(query, typeOf, _ => judges, wholeFile);

    /// <summary>The files' own rows, of which some columns' values are judged.</summary>
    /// <param name="query">The files.</param>
    /// <param name="typeOf">As above.</param>
    /// <param name="judges">Whether a column's values that may not be what they are meant as come as texts.</param>
    /// <param name="wholeFile">As in <see cref="FileQuery.Columns"/>.</param>
    public static FileColumns Of(FileQuery query, Func<string, LogicalType?> typeOf, Func<string, bool> judges, bool wholeFile)
    {
        var found = query.Found(wholeFile);
        if (found.GroupBy(column => NameOf(column.Name), StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            throw new UserError($"the files have columns {string.Join(" and ", twice.Select(column => $"`{column.Name}`"))}, and `{DataFileName.PartitionColumn}` becomes `{twice.Key}`") { Where = [("file", query.Paths[0])], Hint = "rename one of them in the file: `dt` is the day of extraction", ExitCode = ExitCode.Usage };
        var read = found.Zip(query.Reading.Typed(found), (own, given) => Read(query, own, given.Type, typeOf, judges(own.Name))).ToArray();
        var columns = found.Zip(read, (column, one) => (NameOf(column.Name), one.Type, one.Meant));
        var values = found.Zip(read, (column, one) => one.Meant is { } meant ? query.Normal(column.Name, meant) : query.Value(column.Name, one.Type));
        return new([.. columns], [.. values], query.From([.. found.Zip(read, (column, one) => (column.Name, one.Type))], wholeFile));
    }

    /// <summary>What a transform makes of the files' rows; its connection must be the query's.</summary>
    /// <param name="transform">The transform.</param>
    /// <param name="stream">What it calls the rows.</param>
    /// <param name="query">The files.</param>
    /// <param name="connection">The query's connection.</param>
    /// <param name="typeOf">As in <c>Of</c>: where a column comes out as another type than it is to have, it is read as that, if that helps.</param>
    /// <param name="judges">As in <c>Of</c>: where it does, only what is to be a text is read as another type; all else is judged as it comes out.</param>
    /// <param name="wholeFile">As in <see cref="FileQuery.Columns"/>.</param>
    /// <param name="given">What is done about values that are not of a type that was given for a column of the files.</param>
    /// <exception cref="UserError">The transform does not fit the columns.</exception>
    public static FileColumns OfTransform(BatchTransform transform, string stream, FileQuery query, Connection connection, Func<string, LogicalType?> typeOf, bool judges, bool wholeFile, GivenMisfit given = GivenMisfit.Refused)
    {
        var plain = GivenTypes.Batch(query, _ => null, given, wholeFile);
        var columns = transform.Columns(connection, stream, plain);
        var others = columns.Where(column => typeOf(column.Name) is { } own && !own.Equals(column.Type) && (!judges || own.Kind == LogicalKind.Varchar)).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (others.Count > 0 && Retyped(transform, stream, GivenTypes.Batch(query, name => others.Contains(name) ? typeOf(name) : null, given, wholeFile), connection) is { } retyped
            && retyped.All(column => typeOf(column.Name) is not { } own || own.Equals(column.Type)))
            columns = retyped;
        else if (others.Count > 0)
            columns = transform.Columns(connection, stream, plain);
        return new([.. columns.Select(column => (NameOf(column.Name), column.Type, judges && typeOf(NameOf(column.Name)) is { IsNested: false } own && !own.Equals(column.Type) ? own : null))], [.. columns.Select(column => Sql.Identifier(column.Name))], $"({transform.Select(columns)})");
    }

    private static IReadOnlyList<(string Name, LogicalType Type)>? Retyped(BatchTransform transform, string stream, string batch, Connection connection)
    {
        try
        {
            return transform.Columns(connection, stream, batch);
        }
        catch (UserError)
        {
            // it needs the columns as they were found
            return null;
        }
    }

    private static (LogicalType Type, LogicalType? Meant) Read(FileQuery query, (string Name, LogicalType Type) found, LogicalType given, Func<string, LogicalType?> typeOf, bool judges)
    {
        var own = typeOf(NameOf(found.Name)) is { IsNested: false } known ? known : null;
        if (query.Format == FileFormat.Parquet)
            // its values have types: what the table has no room for is met as its contract says
            return (found.Type, !given.Equals(found.Type) ? given : own is { Kind: LogicalKind.Varchar } && !found.Type.IsNested ? own : null);
        if (judges && own is not null && !own.Equals(found.Type))
            return (LogicalType.Varchar, own);
        var wanted = own is not null && !found.Type.IsNested ? own : given;
        // a structure that was given by name: what stands there is looked at part by part
        if (wanted.IsNested && query.Format == FileFormat.Csv)
            return (LogicalType.Varchar, wanted);
        if (judges && wanted.IsNested && !wanted.Equals(found.Type))
            return (LogicalType.Json, wanted);
        // of JSON all records have been looked at: what was found holds for all
        return !judges || wanted.IsNested || (query.Format == FileFormat.Json && wanted.Equals(found.Type)) ? (wanted, null) : (LogicalType.Varchar, wanted);
    }

    // dt is the partition, which lies in the path only
    internal static string NameOf(string column) => column.Equals(DataFileName.PartitionColumn, StringComparison.OrdinalIgnoreCase) ? column + "_" : column;
}
