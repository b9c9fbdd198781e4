using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>A named part of a STRUCT or UNION.</summary>
/// <param name="Name">As it is written in the data; any text.</param>
/// <param name="Type">Its type.</param>
public sealed record LogicalField(string Name, LogicalType Type);

/// <summary>
/// A DuckDB type as an immutable value: it needs no DuckDB to be made, compared or printed.
/// <see cref="ToString"/> is the SQL spelling, and <see cref="Parse"/> reads it back.
/// </summary>
public sealed partial class LogicalType : IEquatable<LogicalType>
{
    private string? text;

    private LogicalType(LogicalKind kind) => Kind = kind;

    /// <summary>What kind of type this is.</summary>
    public LogicalKind Kind { get; }

    /// <summary>DECIMAL: all digits, 1 to 38; otherwise 0.</summary>
    public byte Width { get; private init; }

    /// <summary>DECIMAL: digits after the point, 0 to <see cref="Width"/>; otherwise 0.</summary>
    public byte Scale { get; private init; }

    /// <summary>ARRAY: the number of elements; otherwise 0.</summary>
    public int Length { get; private init; }

    /// <summary>
    /// STRUCT and UNION: the fields in order. LIST and ARRAY: one field <c>element</c>. MAP: the fields <c>key</c> and <c>value</c>.
    /// Otherwise empty.
    /// </summary>
    public IReadOnlyList<LogicalField> Fields { get; private init; } = [];

    /// <summary>ENUM: the members in order; otherwise empty.</summary>
    public IReadOnlyList<string> Members { get; private init; } = [];

    /// <summary>The name under which DuckDB shows the type where it is another type's alias (<c>JSON</c>), or null.</summary>
    public string? Alias { get; private init; }

    /// <summary>LIST and ARRAY: the type of an element.</summary>
    /// <exception cref="InvalidOperationException">Another kind.</exception>
    public LogicalType Element => Kind is LogicalKind.List or LogicalKind.Array ? Fields[0].Type : throw new InvalidOperationException($"{this} has no element");

    /// <summary>Whether values have parts: LIST, ARRAY, STRUCT, MAP, UNION.</summary>
    public bool IsNested => Fields.Count > 0 || Kind is LogicalKind.Struct;

    /// <summary>Text and bytes of any length: VARCHAR (also JSON), BLOB, BIT, BIGNUM, GEOMETRY.</summary>
    public bool IsVariableLength => Kind is LogicalKind.Varchar or LogicalKind.Blob or LogicalKind.Bit or LogicalKind.BigNum or LogicalKind.Geometry;

    /// <summary>The bytes one value takes in a vector; 0 for STRUCT, UNION and ARRAY, whose values lie in child vectors.</summary>
    public int ByteWidth => Kind switch
    {
        LogicalKind.Boolean or LogicalKind.TinyInt or LogicalKind.UTinyInt => 1,
        LogicalKind.SmallInt or LogicalKind.USmallInt => 2,
        LogicalKind.Integer or LogicalKind.UInteger or LogicalKind.Float or LogicalKind.Date or LogicalKind.SqlNull => 4,
        LogicalKind.Decimal => Width <= 4 ? 2 : Width <= 9 ? 4 : Width <= 18 ? 8 : 16,
        LogicalKind.Enum => Members.Count <= byte.MaxValue ? 1 : Members.Count <= ushort.MaxValue ? 2 : 4,
        LogicalKind.HugeInt or LogicalKind.UHugeInt or LogicalKind.Uuid or LogicalKind.Interval or LogicalKind.List or LogicalKind.Map => 16,
        LogicalKind.Struct or LogicalKind.Union or LogicalKind.Array or LogicalKind.Variant or LogicalKind.Invalid => 0,
        _ when IsVariableLength => 16,
        _ => 8,
    };

    /// <summary>Reads DuckDB's spelling of a type.</summary>
    /// <exception cref="UserError">Not the spelling of a type that this library knows (<see cref="ExitCode.Usage"/>).</exception>
    public static LogicalType Parse(string spelling) => new LogicalTypeParser(spelling).Read();

    /// <inheritdoc/>
    public override string ToString() => text ??= Spell();

    /// <inheritdoc/>
    public bool Equals(LogicalType? other) => other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LogicalType);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private string Spell() => Alias ?? Kind switch
    {
        LogicalKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Width},{Scale})"),
        LogicalKind.List => $"{Element}[]",
        LogicalKind.Array => string.Create(CultureInfo.InvariantCulture, $"{Element}[{Length}]"),
        LogicalKind.Map => $"MAP({Fields[0].Type}, {Fields[1].Type})",
        LogicalKind.Struct => $"STRUCT({SpellFields()})",
        LogicalKind.Union => $"UNION({SpellFields()})",
        LogicalKind.Enum => $"ENUM({string.Join(", ", Members.Select(Sql.Literal))})",
        _ => Names.First(n => n.Kind == Kind).Name,
    };

    private string SpellFields()
    {
        var result = new StringBuilder();
        foreach (var field in Fields)
            result.Append(result.Length == 0 ? "" : ", ").Append(Sql.Identifier(field.Name)).Append(' ').Append(field.Type);
        return result.ToString();
    }
}
