using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>
/// Objects with known fields; a record is one whose fields are the columns. A field that is missing is null. Sources write
/// the fields of every object in the same order, so the field that followed last time is tried first.
/// </summary>
internal sealed class StructWriter : FieldWriter
{
    private const string KeyHint = "a key must identify every row: correct `table-key-properties` in the tap's catalog";

    private readonly FieldWriter[] fields;
    private readonly bool[] required;
    private readonly int[] seenIn;
    private readonly int[] follower;
    private readonly Utf8Names names = new();
    private readonly byte[][] quoted;
    private readonly bool isPlain;
    private int objects;

    /// <param name="shape">The fields.</param>
    /// <param name="path">The way to this object from the record (<see cref="ShapeGrowth"/>).</param>
    /// <param name="required">Positions of the fields that must be there and not null.</param>
    public StructWriter(StructShape shape, ImmutableArray<int> path, IReadOnlyCollection<int> required)
    {
        Shape = shape;
        Path = path;
        fields = [.. shape.Fields.Select((f, i) => Of(f.Shape, path.Add(i)))];
        this.required = [.. fields.Select((_, i) => required.Contains(i))];
        seenIn = new int[fields.Length];
        follower = [.. Enumerable.Range(0, fields.Length + 1).Select(i => Math.Min(i, fields.Length - 1))];
        foreach (var field in shape.Fields)
            names.Add(field.SourceName);
        quoted = [.. shape.Fields.Select(f => Encoding.UTF8.GetBytes($"\"{f.SourceName}\":"))];
        isPlain = shape.Fields.All(f => !f.SourceName.Any(c => c is '"' or '\\' or < ' '));
    }

    public StructShape Shape { get; }

    public ImmutableArray<int> Path { get; }

    public override void Attach(VectorWriter column)
    {
        base.Attach(column);
        for (var i = 0; i < fields.Length; i++)
            fields[i].Attach(column.Child(i));
    }

    /// <summary>Makes the fields columns of their own.</summary>
    public void Attach(DataChunk chunk)
    {
        for (var i = 0; i < fields.Length; i++)
            fields[i].Attach(chunk.Writer(i));
    }

    public override ValueProblem? Write(ref Utf8JsonReader reader, int row, RowContext context)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Misfit(Shape, Fit.NotOfType, ref reader, context);

        objects++;
        var found = 0;
        var previous = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? context.Text(ref reader) : reader.ValueSpan;
            var field = follower[previous];
            if (!name.SequenceEqual(names[field]))
            {
                field = names.Find(name);
                if (field < 0)
                {
                    var unknown = Encoding.UTF8.GetString(name);
                    if (!Skip(ref reader) || !context.SkipsEmpty)
                        context.Undeclared.Add((this, unknown));
                    continue;
                }

                follower[previous] = field;
            }

            previous = field + 1;
            if (seenIn[field] == objects)
                return Problem(field, "is there twice", "a field can have one value only");

            seenIn[field] = objects;
            found++;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null)
            {
                if (context.LeavesOut && !required[field])
                    WriteOrLeaveOut(fields[field], ref reader, row, context);
                else if (fields[field].Write(ref reader, row, context) is { } problem)
                    return problem.Within(Shape.Fields[field].SourceName);
            }
            else if (required[field])
                return Problem(field, "is null, but a key property", KeyHint);
            else
                fields[field].WriteNull(row);
        }

        return found < fields.Length ? WriteMissing(row) : null;
    }

    public override bool TryWrite(ref PlainJson json, int row, RowContext context)
    {
        if (!isPlain || !json.TryTake((byte)'{'))
            return false;

        objects++;
        if (json.TryTake((byte)'}'))
            return WriteMissing(row) is null;

        var found = 0;
        var previous = 0;
        do
        {
            var field = follower[previous];
            if (!json.TryTake(quoted[field]))
            {
                if (!json.TryName(out var name) || (field = names.Find(name)) < 0)
                    return false;
                follower[previous] = field;
            }

            previous = field + 1;
            if (seenIn[field] == objects)
                return false;

            seenIn[field] = objects;
            found++;
            if (!json.TryTake("null"u8))
            {
                if (!fields[field].TryWrite(ref json, row, context))
                    return false;
            }
            else if (required[field])
            {
                return false;
            }
            else
            {
                fields[field].WriteNull(row);
            }
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)'}') && (found == fields.Length || WriteMissing(row) is null);
    }

    private static void WriteOrLeaveOut(FieldWriter field, ref Utf8JsonReader reader, int row, RowContext context)
    {
        var value = reader;
        if (field.Write(ref reader, row, context) is null)
            return;
        reader = value;
        reader.Skip();
        field.WriteNull(row);
    }

    /// <summary>Passes over the value of a name; true where it is null, or an empty object or array.</summary>
    private static bool Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return reader.TokenType == JsonTokenType.Null;

        var depth = reader.CurrentDepth;
        reader.Read();
        var empty = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        while (reader.CurrentDepth > depth)
            reader.Read();
        return empty;
    }

    private ValueProblem? WriteMissing(int row)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (seenIn[i] == objects)
                continue;

            if (required[i])
                return Problem(i, "is missing, but a key property", KeyHint);

            fields[i].WriteNull(row);
        }

        return null;
    }

    private ValueProblem Problem(int field, string sentence, string hint) => new(Shape.Fields[field].SourceName, sentence, null, hint);
}
