using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>Strings that cross the boundary one at a time.</summary>
internal static class NativeText
{
    /// <summary>A string that DuckDB keeps; empty for null.</summary>
    internal static string Borrowed(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>A string that DuckDB allocated for us; empty for null. Its memory is given back.</summary>
    internal static string Owned(nint text)
    {
        if (text == 0)
            return "";
        var result = Marshal.PtrToStringUTF8(text) ?? "";
        NativeMethods.Free(text);
        return result;
    }
}
