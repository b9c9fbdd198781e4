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
}
