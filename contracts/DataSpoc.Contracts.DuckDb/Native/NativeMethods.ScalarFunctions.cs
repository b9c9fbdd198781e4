using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.DuckDb.Native;

/// <summary>DuckDB's C API: scalar functions in managed code.</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_create_scalar_function")]
    internal static partial ScalarFunctionHandle CreateScalarFunction();

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_destroy_scalar_function")]
    internal static partial void DestroyScalarFunction(ref nint function);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_scalar_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetScalarFunctionName(ScalarFunctionHandle function, string name);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_scalar_function_add_parameter")]
    internal static partial void AddScalarFunctionParameter(ScalarFunctionHandle function, LogicalTypeHandle type);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_scalar_function_set_return_type")]
    internal static partial void SetScalarFunctionReturn(ScalarFunctionHandle function, LogicalTypeHandle type);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_scalar_function_set_function")]
    internal static partial void SetScalarFunctionMain(ScalarFunctionHandle function, delegate* unmanaged[Cdecl]<nint, nint, nint, void> main);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_register_scalar_function")]
    internal static partial NativeState RegisterScalarFunction(ConnectionHandle connection, ScalarFunctionHandle function);

    [LibraryImport(DuckDbLibrary.Name, EntryPoint = "duckdb_scalar_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetScalarFunctionError(nint info, string error);
}
