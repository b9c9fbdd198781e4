using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataSpoc.Pipe.Sources.Sqlite.Native;

/// <summary>Finds SQLite's library, which is part of macOS and Windows and of nearly every Linux.</summary>
internal static class SqliteLibrary
{
    /// <summary>The name the imports use.</summary>
    internal const string Name = "sqlite3";

    // The resolver has to be there before the first import runs, and nothing but the module's own start is sure to be.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths) =>
        name == Name && NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "winsqlite3" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0", out var library) ? library : 0;
}
