using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>
/// What values of a field look like, and so the type of its column. Every shape takes null.
/// </summary>
internal abstract record Shape(LogicalType Type)
{
    /// <summary>How a message calls a value of this shape: "a number", "a date".</summary>
    public abstract string Noun { get; }
}

/// <summary><c>true</c> and <c>false</c>, nothing that merely resembles them.</summary>
internal sealed record BooleanShape() : Shape(LogicalType.Boolean)
{
    public override string Noun => "true or false";
}

/// <summary>Whole numbers of 64 bits; <c>1.0</c> and <c>1e3</c> are whole.</summary>
internal sealed record IntegerShape() : Shape(LogicalType.BigInt)
{
    public override string Noun => "a whole number";
}

/// <summary>Numbers of which the schema says no precision: doubles, as long as the double stands for exactly the digits given.</summary>
internal sealed record NumberShape() : Shape(LogicalType.Double)
{
    public override string Noun => "a number";
}

/// <summary>Numbers held digit by digit.</summary>
/// <param name="Precision">1 to 38 digits in all.</param>
/// <param name="Scale">0 to <paramref name="Precision"/> of them after the point.</param>
/// <param name="Quoted">Whether the source sends them as strings (<c>x-singer.decimal</c>).</param>
internal sealed record DecimalShape(int Precision, int Scale, bool Quoted) : Shape(LogicalType.Decimal(Precision, Scale))
{
    public override string Noun => "a number";
}

/// <summary>Strings only.</summary>
internal sealed record TextShape() : Shape(LogicalType.Varchar)
{
    public override string Noun => "a string";
}

/// <summary>Scalars of several kinds: a string as it is, every other value as its JSON text.</summary>
internal sealed record AnyTextShape() : Shape(LogicalType.Varchar)
{
    public override string Noun => "a value";
}

/// <summary>Anything, as the JSON text the source sent, strings with their quotes: always valid JSON.</summary>
internal sealed record JsonShape() : Shape(LogicalType.Varchar)
{
    public override string Noun => "a value";
}

/// <summary>Instants (RFC 3339); without a zone: UTC.</summary>
/// <param name="Far">What becomes of one outside the years 0001 to 9999.</param>
internal sealed record InstantShape(OutOfRange Far = OutOfRange.Error) : Shape(LogicalType.TimestampTz)
{
    public override string Noun => "a date-time";
}

/// <summary>Calendar days.</summary>
/// <param name="Far">What becomes of one outside the years 0001 to 9999.</param>
internal sealed record DateShape(OutOfRange Far = OutOfRange.Error) : Shape(LogicalType.Date)
{
    public override string Noun => "a date";
}

/// <summary>Arrays of one shape.</summary>
internal sealed record ListShape(Shape Item) : Shape(LogicalType.List(Item.Type))
{
    public override string Noun => "an array";
}
