using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>Turns PostgreSQL's binary form of one type into values of a DuckDB vector. Numbers in that form are big-endian (PostgreSQL, "Binary format", the types' <c>send</c> functions).</summary>
internal abstract class ValueDecoder
{
    /// <summary>The type of the vectors that are written.</summary>
    public abstract LogicalType Type { get; }

    /// <summary>Writes a value that is not NULL.</summary>
    /// <exception cref="Databases.ValueRefused">The type cannot hold it.</exception>
    public abstract void Write(ReadOnlySpan<byte> value, VectorWriter target, int row);

    /// <summary>Writes a value that is not NULL as JSON, also one that <see cref="Write"/> refuses: records that are rejected are kept so.</summary>
    public abstract void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json);

    /// <summary>Writes a floating number; JSON has none for NaN and the infinities.</summary>
    protected static void WriteFloat<T>(Utf8JsonWriter json, T value)
        where T : IFloatingPoint<T>
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (T.IsFinite(value))
            json.WriteRawValue(text);
        else
            json.WriteStringValue(text);
    }
}
