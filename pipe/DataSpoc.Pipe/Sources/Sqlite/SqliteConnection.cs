using System.Runtime.InteropServices;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Sqlite.Native;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>A database file that is only read. One thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int WaitMilliseconds = 30_000;
    private const int Busy = 5;
    private const int NotADatabase = 26;

    private readonly string _path;
    private nint _database;

    private SqliteConnection(string path, nint database) => (_path, _database) = (path, database);

    /// <summary>Opens a file; a writer that holds it is waited for, for half a minute.</summary>
    /// <exception cref="UserError">It is not there, cannot be read, or is no SQLite database.</exception>
    public static SqliteConnection Open(string path)
    {
        if (!File.Exists(path))
            throw new UserError($"there is no file `{Path.GetFileName(path)}`") { Where = [("file", path)], ExitCode = ExitCode.Usage };
        try
        {
            var code = NativeMethods.Open(path, out var database, NativeMethods.OpenReadOnly, 0);
            var connection = new SqliteConnection(path, database);
            if (code == 0)
            {
                _ = NativeMethods.BusyTimeout(database, WaitMilliseconds);
                return connection;
            }
            using (connection)
                throw connection.Error(code);
        }
        catch (DllNotFoundException missing)
        {
            throw new UserError("SQLite's library is not on this machine", missing) { Hint = "apt-get install libsqlite3-0" };
        }
    }

    /// <summary>A statement, of which <see cref="SqliteStatement.Step"/> gives row by row.</summary>
    public unsafe SqliteStatement Prepare(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        fixed (byte* text = bytes)
        {
            var code = NativeMethods.Prepare(_database, text, bytes.Length, out var statement, out _);
            return code == 0 ? new(this, statement) : throw Error(code);
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        statement.Step();
    }

    /// <summary>All rows, as texts.</summary>
    public IReadOnlyList<string?[]> Rows(string sql, int columns)
    {
        using var statement = Prepare(sql);
        var rows = new List<string?[]>();
        while (statement.Step())
            rows.Add([.. Enumerable.Range(0, columns).Select(statement.Text)]);
        return rows;
    }

    public void Dispose()
    {
        _ = NativeMethods.Close(_database);
        _database = 0;
    }

    internal UserError Error(int code)
    {
        var message = Marshal.PtrToStringUTF8(NativeMethods.ErrorMessage(_database)) ?? "";
        return (code & 0xFF) switch
        {
            NotADatabase => new($"`{Path.GetFileName(_path)}` is not an SQLite database, or an encrypted one") { Where = [("file", _path)] },
            Busy => new($"`{Path.GetFileName(_path)}` is locked by a writer") { Where = [("file", _path)], Hint = "run again when it is done; in WAL mode (`PRAGMA journal_mode = wal`) readers do not wait" },
            _ => new($"SQLite cannot read `{Path.GetFileName(_path)}`: {message}") { Where = [("file", _path)] },
        };
    }
}
