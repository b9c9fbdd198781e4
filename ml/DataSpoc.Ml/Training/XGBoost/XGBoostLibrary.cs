using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>Finds libxgboost, says clearly when it is not there, and turns its errors into exceptions.</summary>
internal static partial class XGBoostLibrary
{
    /// <summary>The name under which the imports ask for the library.</summary>
    public const string Name = "xgboost";

    /// <summary>Names another library file; only that one is tried then.</summary>
    public const string PathVariable = "DATASPOC_XGBOOST";

    /// <summary>Categorical splits by partition and QuantileDMatrix on CPUs begin with 1.7.</summary>
    private static readonly Version Oldest = new(1, 7);

    /// <summary>The loaded library's version, for example 1.7.4.</summary>
    /// <exception cref="UserError">The library is missing or too old.</exception>
    public static Version CheckedVersion()
    {
        NativeMethods.XGBoostVersion(out var major, out var minor, out var patch);
        var version = new Version(major, minor, patch);
        if (version < Oldest)
            throw new UserError($"the installed XGBoost is {version}; `ml` needs {Oldest} or newer") { Hint = Advice };
        return version;
    }

    /// <summary>Answers the runtime's question where <see cref="Name"/> is; other names are left to the runtime.</summary>
    internal static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != Name)
            return 0;
        // OpenMP's threads burn a whole core each while they wait for the next round. On a machine that has other work, 2,000 small rounds took
        // eight times as long as with sleeping threads. OpenMP reads this when it is loaded, from the C environment; what is set there stays.
        _ = SetCVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        return Open(Candidates(Environment.GetEnvironmentVariable(PathVariable)));
    }

    /// <summary>Opens the first candidate that loads.</summary>
    /// <exception cref="UserError">None does.</exception>
    internal static nint Open(IReadOnlyList<string> candidates)
    {
        foreach (var candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out var library))
                return library;
        throw new UserError("the XGBoost library is missing: `ml` trains and predicts with it")
        {
            Where = [("looked for", string.Join(", ", candidates))],
            Hint = Advice,
        };
    }

    /// <summary>Throws what XGBoost says went wrong in the call that answered <paramref name="code"/>.</summary>
    /// <exception cref="XGBoostException">The code is not 0.</exception>
    internal static unsafe void Check(int code)
    {
        if (code == 0)
            return;
        var text = Marshal.PtrToStringUTF8((nint)NativeMethods.XGBGetLastError()) ?? "";
        throw new XGBoostException(FirstSentence(text));
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetCVariable(string name, string value, int overwrite);

    private static string Advice => $"install libxgboost0 (apt-get install libxgboost0), or name the file in {PathVariable}";

    private static IReadOnlyList<string> Candidates(string? named) => string.IsNullOrEmpty(named)
        ? [Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", "libxgboost.so"), "libxgboost.so.0", "libxgboost.so"]
        : [named];

    // "[10:20:59] ./src/data/data.cc:1104: Check failed: valid: Input data contains `inf` …\nStack trace: …"
    private static string FirstSentence(string text)
    {
        var message = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("Stack trace", StringComparison.Ordinal))
                break;
            if (line.Trim().Length > 0)
                message.Append(message.Length == 0 ? "" : " ").Append(line.Trim());
        }
        return message.ToString();
    }
}

/// <summary>XGBoost refused a call; the message is its own.</summary>
internal sealed class XGBoostException(string message) : Exception(message);
