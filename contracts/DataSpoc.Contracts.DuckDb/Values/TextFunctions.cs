using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Reads a number from its text, exactly or not at all.</summary>
internal interface ITextParser<T>
{
    static abstract bool TryParse(ReadOnlySpan<byte> text, out T number);
}

/// <summary>
/// The scalar functions <c>dataspoc_whole_number(text, refusal)</c> and <c>dataspoc_exact_double(text, refusal)</c>. A text that is none is an error that says the refusal and it, or NULL
/// where the refusal is empty. Exceptions never cross into DuckDB: they become the query's error.
/// </summary>
internal static unsafe class TextFunctions
{
    internal const string WholeNumber = "dataspoc_whole_number";
    internal const string ExactDouble = "dataspoc_exact_double";

    /// <summary>Makes both known to a connection's database.</summary>
    internal static void Register(Connection connection)
    {
        Register(connection, WholeNumber, LogicalType.BigInt, &ReadWholeNumbers);
        Register(connection, ExactDouble, LogicalType.Double, &ReadDoubles);
    }

    private static void Register(Connection connection, string name, LogicalType type, delegate* unmanaged[Cdecl]<nint, nint, nint, void> main)
    {
        using var function = NativeMethods.CreateScalarFunction();
        using var text = TypeConversion.Create(LogicalType.Varchar);
        using var number = TypeConversion.Create(type);
        NativeMethods.SetScalarFunctionName(function, name);
        NativeMethods.AddScalarFunctionParameter(function, text);
        NativeMethods.AddScalarFunctionParameter(function, text);
        NativeMethods.SetScalarFunctionReturn(function, number);
        NativeMethods.SetScalarFunctionMain(function, main);
        if (NativeMethods.RegisterScalarFunction(connection.Handle, function) != NativeState.Success)
            throw new DuckDbException($"DuckDB refused the function {name}", DuckDbError.Internal);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReadWholeNumbers(nint info, nint input, nint output) => Run<long, WholeNumber>(info, input, output);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReadDoubles(nint info, nint input, nint output) => Run<double, ExactDouble>(info, input, output);

    // What DuckDB calls. Whatever happens in it becomes an error of the query.
#pragma warning disable CA1031
    private static void Run<T, TParser>(nint info, nint input, nint output) where T : unmanaged where TParser : ITextParser<T>
    {
        try
        {
            var vector = NativeMethods.ChunkVector(input, 0);
            var texts = (NativeString*)NativeMethods.VectorData(vector);
            var refusals = (NativeString*)NativeMethods.VectorData(NativeMethods.ChunkVector(input, 1));
            if (Parse<T, TParser>(texts, refusals, NativeMethods.VectorValidity(vector), (int)NativeMethods.ChunkSize(input), (T*)NativeMethods.VectorData(output), output) is var row and >= 0)
                NativeMethods.SetScalarFunctionError(info, Text(refusals + row) + Text(texts + row));
        }
        catch (Exception e)
        {
            NativeMethods.SetScalarFunctionError(info, e.Message);
        }
    }
#pragma warning restore CA1031

    /// <summary>The first row that is refused, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Parse<T, TParser>(NativeString* texts, NativeString* refusals, ulong* validity, int count, T* numbers, nint output) where T : unmanaged where TParser : ITextParser<T>
    {
        ulong* written = null;
        for (var row = 0; row < count; row++)
        {
            var isNull = validity != null && (validity[row >> 6] & (1UL << (row & 63))) == 0;
            if (!isNull && TParser.TryParse(NativeString.Bytes(texts + row), out numbers[row]))
                continue;
            if (!isNull && !NativeString.Bytes(refusals + row).IsEmpty)
                return row;
            if (written == null)
            {
                NativeMethods.EnsureValidityWritable(output);
                written = NativeMethods.VectorValidity(output);
            }
            written[row >> 6] &= ~(1UL << (row & 63));
        }
        return -1;
    }

    private static string Text(NativeString* text) => Encoding.UTF8.GetString(NativeString.Bytes(text));
}
