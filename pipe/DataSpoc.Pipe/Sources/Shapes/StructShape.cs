using System.Collections.Immutable;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>One field of an object.</summary>
/// <param name="Name">In files: unique without regard to case.</param>
/// <param name="SourceName">As the source spells it.</param>
/// <param name="Undeclared">Met in records although the source's schema does not declare it.</param>
internal sealed record FieldShape(string Name, string SourceName, Shape Shape, bool Undeclared = false);

/// <summary>Objects with known fields, in the schema's order; a record itself is one.</summary>
internal sealed record StructShape : Shape
{
    private readonly IReadOnlySet<string> reserved;

    private StructShape(ImmutableArray<FieldShape> fields, Shape? others, IReadOnlySet<string> reserved)
        : base(LogicalType.Struct([.. fields.Select(f => new LogicalField(f.Name, f.Shape.Type))]))
    {
        Fields = fields;
        Others = others;
        this.reserved = reserved;
    }

    public ImmutableArray<FieldShape> Fields { get; }

    /// <summary>What fields beyond <see cref="Fields"/> look like, or null where the schema forbids them.</summary>
    public Shape? Others { get; }

    public override string Noun => "an object";

    /// <summary>Gives each field its name in files, never one of <paramref name="reserved"/> (lower case).</summary>
    public static StructShape Of(IEnumerable<(string SourceName, Shape Shape)> fields, Shape? others, IReadOnlySet<string> reserved)
    {
        var list = fields.ToList();
        var names = FieldNames.Assign([.. list.Select(f => f.SourceName)], reserved);
        return new StructShape([.. list.Select((f, i) => new FieldShape(names[i], f.SourceName, f.Shape))], others, reserved);
    }

    /// <summary>This shape and fields that its schema does not declare; those it has keep their names.</summary>
    public StructShape With(IEnumerable<(string SourceName, Shape Shape)> undeclared)
    {
        var fields = Fields;
        foreach (var (name, shape) in undeclared)
        {
            var file = FieldNames.Next(name, fields.Select(f => f.Name).Concat(reserved));
            fields = fields.Add(new FieldShape(file, name, shape, Undeclared: true));
        }

        return new StructShape(fields, Others, reserved);
    }

    /// <summary>This shape with one field's shape replaced.</summary>
    public StructShape With(int field, Shape shape) =>
        new(Fields.SetItem(field, Fields[field] with { Shape = shape }), Others, reserved);

    public bool Equals(StructShape? other) => other is not null && Equals(Others, other.Others) && Fields.SequenceEqual(other.Fields);

    public override int GetHashCode() => Type.GetHashCode();
}
