using System.Collections.Immutable;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>Writes the values of one field, from JSON into a column of the chunk it was attached to last.</summary>
internal abstract class FieldWriter
{
    /// <summary>The column that is written.</summary>
    protected VectorWriter Column { get; private set; } = null!;

    /// <summary>Goes over to the same column of another chunk.</summary>
    public virtual void Attach(VectorWriter column) => Column = column;

    /// <summary>Writes the value the reader stands on, which is not null; the reader then stands on the value's last token.</summary>
    /// <returns>Null, or why it could not; the row is then not usable, and the reader stands anywhere.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public abstract ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context);

    /// <summary>Writes the value that is next, which is not null, if it is what it should be.</summary>
    /// <returns>False where it is not, or where it takes the full reader to tell; nothing is known then of how far <paramref name="json"/> got.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public abstract bool TryWrite(ref PlainJson json, int row, RowContext context);

    public void WriteNull(int row) => Column.SetNull(row);

    /// <summary>The problem with the value the reader stands on.</summary>
    protected static ValueProblem Misfit(Shape shape, Fit fit, ref Utf8JsonReader reader, RowContext context) =>
        ValueProblem.Of(shape, fit, context.Json(ref reader));

    /// <param name="shape">Of the values.</param>
    /// <param name="path">The way to the field from the record.</param>
    public static FieldWriter Of(Shape shape, ImmutableArray<int> path) => shape switch
    {
        BooleanShape => new BooleanWriter(shape),
        IntegerShape => new IntegerWriter(shape),
        NumberShape => new DoubleWriter(shape),
        DecimalShape decimals => new DecimalWriter(decimals),
        TextShape => new TextWriter(shape),
        AnyTextShape => new AnyTextWriter(path),
        JsonShape => new JsonWriter(path),
        InstantShape instants => new InstantWriter(instants),
        DateShape dates => new DateWriter(dates),
        ListShape list => new ListWriter(list, path),
        StructShape fields => new StructWriter(fields, path, required: []),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no writer for this shape"),
    };
}
