using System.Buffers.Binary;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>One value after its length, −1 for NULL: how rows, arrays, composites and ranges hold their parts.</summary>
internal static class Part
{
    /// <summary>Writes the first value of <paramref name="rest"/> and goes past it.</summary>
    public static void Write(ref ReadOnlySpan<byte> rest, ValueDecoder decoder, VectorWriter target, int row)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[4..];
        if (length < 0)
        {
            target.SetNull(row);
            return;
        }
        decoder.Write(rest[..length], target, row);
        rest = rest[length..];
    }

    /// <summary>Writes the first value of <paramref name="rest"/> as JSON and goes past it.</summary>
    public static void WriteJson(ref ReadOnlySpan<byte> rest, ValueDecoder decoder, Utf8JsonWriter json)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[4..];
        if (length < 0)
        {
            json.WriteNullValue();
            return;
        }
        decoder.WriteJson(rest[..length], json);
        rest = rest[length..];
    }
}
