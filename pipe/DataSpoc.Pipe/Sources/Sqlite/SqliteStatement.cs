using System.Text;
using DataSpoc.Pipe.Sources.Sqlite.Native;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>A statement under way. Values are those of the current row, until the next step.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, nint statement) : IDisposable
{
    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="Contracts.UserError">The database cannot be read on.</exception>
    public bool Step() => NativeMethods.Step(statement) switch
    {
        NativeMethods.Row => true,
        NativeMethods.Done => false,
        var code => throw connection.Error(code),
    };

    public SqliteKind Kind(int column) => (SqliteKind)NativeMethods.ColumnType(statement, column);

    public long Integer(int column) => NativeMethods.ColumnInt64(statement, column);

    public double Real(int column) => NativeMethods.ColumnDouble(statement, column);

    /// <summary>The bytes of a blob, until the next step.</summary>
    public unsafe ReadOnlySpan<byte> Blob(int column)
    {
        // in this order: the size is that of the form that was asked for last
        var bytes = NativeMethods.ColumnBlob(statement, column);
        return new(bytes, NativeMethods.ColumnBytes(statement, column));
    }

    /// <summary>A text as UTF-8, whatever the database's encoding, until the next step. Nothing makes sure that it is valid.</summary>
    public unsafe ReadOnlySpan<byte> Utf8(int column)
    {
        var bytes = NativeMethods.ColumnText(statement, column);
        return new(bytes, NativeMethods.ColumnBytes(statement, column));
    }

    /// <summary>The value's text, or null.</summary>
    public string? Text(int column) => Kind(column) == SqliteKind.Null ? null : Encoding.UTF8.GetString(Utf8(column));

    public void Dispose() => _ = NativeMethods.Finalize(statement);
}
