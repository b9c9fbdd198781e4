using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>Finds libduckdb beside the application, wherever the application is installed.</summary>
internal static class DuckDbLibrary
{
    /// <summary>The name the imports use.</summary>
    internal const string Name = "duckdb";

    // The resolver has to be there before the first import runs, and nothing but the module's own start is sure to be.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        if (name != Name)
            return 0;
        foreach (var candidate in Candidates(assembly))
            if (File.Exists(candidate))
                return NativeLibrary.Load(candidate);
        throw new DllNotFoundException($"{FileName} is not beside {AppContext.BaseDirectory} (looked in runtimes/{Rid}/native and in the folder itself)");
    }

    private static IEnumerable<string> Candidates(Assembly assembly)
    {
        string[] folders = [AppContext.BaseDirectory, Path.GetDirectoryName(assembly.Location) is { Length: > 0 } own ? own : AppContext.BaseDirectory];
        foreach (var folder in folders.Distinct())
        {
            yield return Path.Combine(folder, "runtimes", Rid, "native", FileName);
            yield return Path.Combine(folder, FileName);
        }
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static string Rid
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        }
    }
}
