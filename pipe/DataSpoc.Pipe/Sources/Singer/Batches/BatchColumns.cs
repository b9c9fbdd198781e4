using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Singer.Batches;

/// <summary>How the columns of a Parquet file become those of a stream.</summary>
internal static class BatchColumns
{
    /// <summary>The columns of the file that the stream does not have.</summary>
    public static IReadOnlyList<string> Undeclared(StructShape shape, IEnumerable<string> file) =>
        [.. file.Where(name => shape.Fields.All(field => field.SourceName != name))];

    /// <summary>One expression per field of the stream, in its order; NULL where the file lacks it.</summary>
    public static string Select(StructShape shape, IReadOnlyList<(string Name, LogicalType Type)> file) => string.Join(", ", shape.Fields.Select(field =>
        file.FirstOrDefault(column => column.Name == field.SourceName) is { Name: { } name } column
            ? Value(Sql.Identifier(name), column.Type, field.Shape)
            : $"CAST(NULL AS {field.Shape.Type})"));

    private static string Value(string column, LogicalType from, Shape shape) => shape switch
    {
        _ when from.Equals(shape.Type) => column,
        JsonShape or AnyTextShape when from.IsNested => $"CAST(to_json({column}) AS VARCHAR)",
        // nothing is rounded, what would be is refused
        IntegerShape or DecimalShape => $"CASE WHEN {ExactCast.Fails(column, from, shape.Type)} THEN error('a value would be rounded') ELSE CAST({column} AS {shape.Type}) END",
        _ => $"CAST({column} AS {shape.Type})",
    };
}
