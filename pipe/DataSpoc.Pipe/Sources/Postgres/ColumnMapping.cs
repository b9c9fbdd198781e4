using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Postgres.Catalog;
using DataSpoc.Pipe.Sources.Postgres.Decoding;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>How a column is read.</summary>
/// <param name="Expression">What the server is asked for.</param>
/// <param name="Decoder">Reads the binary form of the answer.</param>
internal sealed record ColumnReading(string Expression, ValueDecoder Decoder);

/// <summary>
/// The rule by which PostgreSQL's types become the table's (README, "Types of PostgreSQL"). What has a counterpart is decoded; everything else is cast to text by the server and is
/// text, in PostgreSQL's own spelling.
/// </summary>
internal sealed class ColumnMapping(IReadOnlyDictionary<long, PostgresType> types, OutOfRange outOfRange)
{
    /// <summary>A <c>numeric</c> without digits of its own: 29 before the point and 9 after it.</summary>
    private const int FreeWidth = 38;
    private const int FreeScale = 9;

    /// <param name="column">The column.</param>
    /// <param name="wanted">Another type than the rule's: <c>text</c>, <c>json</c>, <c>double</c>, <c>decimal(p,s)</c>; null: the rule's.</param>
    /// <exception cref="UserError">The wanted type is none of these, or a decimal for what is no number (<see cref="ExitCode.Usage"/>).</exception>
    public ColumnReading Read(PostgresColumn column, string? wanted)
    {
        var name = Sql.Identifier(column.Name);
        if (wanted is not null)
            return Wanted(column, name, wanted);
        if (Decoder(column.Type, column.Modifier, column.Dimensions) is { } decoder)
            return new(name, decoder);
        var type = Base(column.Type);
        // how many decimals money has is the server's business
        if (type is { Name: "money", Schema: "pg_catalog" })
            return new($"{name}::numeric", new NumericDecoder(21, 4, outOfRange));
        // an array of what has no counterpart is still a list
        return type is { IsArray: true } ? new($"{name}::text[]", new ArrayDecoder(new TextDecoder(), Math.Max(1, column.Dimensions))) : new($"{name}::text", new TextDecoder());
    }

    private ColumnReading Wanted(PostgresColumn column, string name, string wanted)
    {
        switch (wanted.Trim().ToLowerInvariant())
        {
            case "text":
                return new($"{name}::text", new TextDecoder());
            case "json":
                return new($"pg_catalog.to_json({name})", new JsonDecoder());
            case "double":
                return new($"{name}::float8", new DoubleDecoder());
        }
        if (LogicalTypeOf(wanted) is { Kind: LogicalKind.Decimal } type)
            return new($"{name}::numeric", new NumericDecoder(type.Width, type.Scale, outOfRange));
        throw new UserError($"`{wanted}` is no type for column `{column.Name}`") { Hint = "types are text, json, double and decimal(p,s) with p up to 38", ExitCode = ExitCode.Usage };
    }

    private static LogicalType? LogicalTypeOf(string spelling)
    {
        try
        {
            return LogicalType.Parse(spelling);
        }
        catch (Exception e) when (e is UserError or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private PostgresType? Base(long oid) => types.GetValueOrDefault(oid) is { Kind: 'd' } domain ? Base(domain.Inner) : types.GetValueOrDefault(oid);

    // null where the binary form is not known
    private ValueDecoder? Decoder(long oid, int modifier, int dimensions)
    {
        if (types.GetValueOrDefault(oid) is not { } type)
            return null;
        return type switch
        {
            { Kind: 'd' } => Decoder(type.Inner, type.Modifier, type.Dimensions),
            { Kind: 'e' } => new TextDecoder(),
            { IsArray: true } => Decoder(type.Inner, modifier, 0) is { } element ? new ArrayDecoder(element, Math.Max(1, dimensions)) : null,
            { Kind: 'r' } => Decoder(type.Inner, -1, 0) is { } bound ? new RangeDecoder(bound) : null,
            { Kind: 'm' } => Decoder(type.Inner, -1, 0) is RangeDecoder range ? new MultirangeDecoder(range) : null,
            { Kind: 'c', Fields.Count: > 0 } => Composite(type),
            { Schema: "pg_catalog" } => BuiltIn(type.Name, modifier),
            { Name: "citext" } => new TextDecoder(),
            _ => null,
        };
    }

    private CompositeDecoder? Composite(PostgresType type)
    {
        var decoders = type.Fields.Select(field => Decoder(field.Type, field.Modifier, field.Dimensions)).ToArray();
        if (decoders.Any(decoder => decoder is null))
            return null;
        var names = FieldNames.Assign([.. type.Fields.Select(field => field.Name)], new HashSet<string>());
        return new([.. names.Zip(decoders, (name, decoder) => (name, decoder!))]);
    }

    private ValueDecoder? BuiltIn(string name, int modifier) => name switch
    {
        "bool" => new BooleanDecoder(),
        "int2" => new SmallIntDecoder(),
        "int4" => new IntegerDecoder(),
        "int8" => new BigIntDecoder(),
        "oid" or "xid" or "cid" => new OidDecoder(),
        "float4" => new FloatDecoder(),
        "float8" => new DoubleDecoder(),
        "numeric" => Numeric(modifier),
        "text" or "varchar" or "bpchar" or "name" or "xml" => new TextDecoder(),
        "json" => new JsonDecoder(),
        "jsonb" => new JsonbDecoder(),
        "bytea" => new ByteaDecoder(),
        "uuid" => new UuidDecoder(),
        "date" => new DateDecoder(outOfRange),
        "time" => new TimeDecoder(),
        "timestamp" => new TimestampDecoder(LogicalType.Timestamp, outOfRange),
        "timestamptz" => new TimestampDecoder(LogicalType.TimestampTz, outOfRange),
        "interval" => new IntervalDecoder(outOfRange),
        _ => null,
    };

    // precision in the upper half, scale below it: 11 bits with a sign since PostgreSQL 15, without before
    private NumericDecoder? Numeric(int modifier)
    {
        if (modifier < 4)
            return new NumericDecoder(FreeWidth, FreeScale, outOfRange);
        var precision = ((modifier - 4) >> 16) & 0xFFFF;
        var scale = (((modifier - 4) & 0x7FF) ^ 1024) - 1024;
        // numeric(3,-2) has five digits before the point, numeric(2,5) five after it
        var width = scale < 0 ? precision - scale : Math.Max(precision, scale);
        return width <= 38 ? new NumericDecoder(width, Math.Max(scale, 0), outOfRange) : null;
    }
}
