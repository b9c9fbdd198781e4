using System.Runtime.InteropServices;

namespace Pipe.Tests.Sources.Sqlite;

/// <summary>Writes SQLite files by the library itself.</summary>
internal static partial class SqliteFile
{
    private const string Library = "libsqlite3.so.0";

    public static void Execute(string path, string sql)
    {
        Assert.Equal(0, Open(path, out var database));
        try
        {
            Assert.True(Exec(database, sql, 0, 0, 0) == 0, Marshal.PtrToStringUTF8(ErrorMessage(database)));
        }
        finally
        {
            _ = Close(database);
        }
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, out nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_exec", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exec(nint database, string sql, nint callback, nint argument, nint error);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    private static partial nint ErrorMessage(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_close")]
    private static partial int Close(nint database);
}
