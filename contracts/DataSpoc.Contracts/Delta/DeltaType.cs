using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>A column's type as Delta knows it (Delta protocol, "Schema Serialization Format").</summary>
public abstract record DeltaType
{
    private protected DeltaType()
    {
    }

    /// <summary>The type's name for people: <c>long</c>, <c>decimal(18,2)</c>, <c>struct&lt;a: long&gt;</c>.</summary>
    public abstract override string ToString();

    /// <summary>The type's name in Arrow, as the manifest spells it: <c>int64</c>, <c>timestamp[us, tz=UTC]</c>.</summary>
    public string ArrowName => ArrowNames.Of(this);
}

/// <summary>A type without parts.</summary>
public sealed record PrimitiveType : DeltaType
{
    private PrimitiveType(string name) => Name = name;

    /// <summary>The name in the log: <c>long</c>, <c>timestamp_ntz</c>, …</summary>
    public string Name { get; }

    /// <summary>UTF-8 text.</summary>
    public static PrimitiveType String { get; } = new("string");

    /// <summary>64 bits, signed.</summary>
    public static PrimitiveType Long { get; } = new("long");

    /// <summary>32 bits, signed.</summary>
    public static PrimitiveType Integer { get; } = new("integer");

    /// <summary>16 bits, signed.</summary>
    public static PrimitiveType Short { get; } = new("short");

    /// <summary>8 bits, signed.</summary>
    public static PrimitiveType Byte { get; } = new("byte");

    /// <summary>IEEE 754, 32 bits.</summary>
    public static PrimitiveType Float { get; } = new("float");

    /// <summary>IEEE 754, 64 bits.</summary>
    public static PrimitiveType Double { get; } = new("double");

    /// <summary>True or false.</summary>
    public static PrimitiveType Boolean { get; } = new("boolean");

    /// <summary>Bytes.</summary>
    public static PrimitiveType Binary { get; } = new("binary");

    /// <summary>A day without time or zone.</summary>
    public static PrimitiveType Date { get; } = new("date");

    /// <summary>A point in time, microseconds, UTC.</summary>
    public static PrimitiveType Timestamp { get; } = new("timestamp");

    /// <summary>A day and time without zone, microseconds (feature <c>timestampNtz</c>).</summary>
    public static PrimitiveType TimestampNtz { get; } = new("timestamp_ntz");

    /// <summary>Only nulls; never in a data file. Read from logs of others, never written.</summary>
    public static PrimitiveType Void { get; } = new("void");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PrimitiveType> All { get; } =
        [String, Long, Integer, Short, Byte, Float, Double, Boolean, Binary, Date, Timestamp, TimestampNtz, Void];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A decimal number.</summary>
/// <param name="Precision">All digits, 1 to 38.</param>
/// <param name="Scale">Digits after the point, 0 to <paramref name="Precision"/>.</param>
public sealed record DecimalType(int Precision, int Scale) : DeltaType
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})");
}

/// <summary>Named parts.</summary>
/// <param name="Fields">In order; names are distinct without regard to case.</param>
public sealed record StructType(IReadOnlyList<DeltaField> Fields) : DeltaType
{
    /// <inheritdoc/>
    public bool Equals(StructType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Count == 0 ? 0 : HashCode.Combine(Fields.Count, Fields[0].Name, Fields[^1].Name);

    /// <inheritdoc/>
    public override string ToString() => $"struct<{string.Join(", ", Fields.Select(field => $"{field.Name}: {field.Type}"))}>";
}

/// <summary>A list.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="ContainsNull">Whether an element may be null.</param>
public sealed record ArrayType(DeltaType Element, bool ContainsNull = true) : DeltaType
{
    /// <inheritdoc/>
    public override string ToString() => $"array<{Element}>";
}

/// <summary>Keys with values.</summary>
/// <param name="Key">The type of the keys, which are never null.</param>
/// <param name="Value">The type of the values.</param>
/// <param name="ValueContainsNull">Whether a value may be null.</param>
public sealed record MapType(DeltaType Key, DeltaType Value, bool ValueContainsNull = true) : DeltaType
{
    /// <inheritdoc/>
    public override string ToString() => $"map<{Key}, {Value}>";
}

/// <summary>A type that is not known here (<c>variant</c>, those of later protocols). A table that has a column of it is refused by name.</summary>
/// <param name="Name">As the log spells it.</param>
public sealed record UnsupportedType(string Name) : DeltaType
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
