using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>The scalar function <c>dataspoc_whole_number(text, refusal)</c>. Exceptions never cross into DuckDB: they become the query's error.</summary>
internal sealed unsafe class WholeNumberFunction
{
    private const string Function = "dataspoc_whole_number";
    private readonly Lock gate = new();
    private bool registered;

    /// <summary>The call as SQL; the function is made known to the database first.</summary>
    internal string Call(Database database, string text, string refusal)
    {
        lock (gate)
        {
            if (!registered)
            {
                // on a connection of its own: where a stream was not read to its end, what is registered would be rolled back with it
                using var connection = database.Connect();
                Register(connection);
            }
            registered = true;
        }
        return $"{Function}({text}, {Sql.Literal(refusal)})";
    }

    private static void Register(Connection connection)
    {
        using var function = NativeMethods.CreateScalarFunction();
        using var text = TypeConversion.Create(LogicalType.Varchar);
        using var number = TypeConversion.Create(LogicalType.BigInt);
        NativeMethods.SetScalarFunctionName(function, Function);
        NativeMethods.AddScalarFunctionParameter(function, text);
        NativeMethods.AddScalarFunctionParameter(function, text);
        NativeMethods.SetScalarFunctionReturn(function, number);
        NativeMethods.SetScalarFunctionMain(function, &Run);
        if (NativeMethods.RegisterScalarFunction(connection.Handle, function) != NativeState.Success)
            throw new DuckDbException($"DuckDB refused the function {Function}", DuckDbError.Internal);
    }

    // What DuckDB calls. Whatever happens in it becomes an error of the query.
#pragma warning disable CA1031
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        try
        {
            var vector = NativeMethods.ChunkVector(input, 0);
            var texts = (NativeString*)NativeMethods.VectorData(vector);
            if (Parse(texts, NativeMethods.VectorValidity(vector), (int)NativeMethods.ChunkSize(input), (long*)NativeMethods.VectorData(output), output) is var row and >= 0)
                NativeMethods.SetScalarFunctionError(info, Text((NativeString*)NativeMethods.VectorData(NativeMethods.ChunkVector(input, 1)) + row) + Text(texts + row));
        }
        catch (Exception e)
        {
            NativeMethods.SetScalarFunctionError(info, e.Message);
        }
    }
#pragma warning restore CA1031

    /// <summary>The first row that is no whole number, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Parse(NativeString* texts, ulong* validity, int count, long* numbers, nint output)
    {
        ulong* written = null;
        for (var row = 0; row < count; row++)
        {
            if (validity != null && (validity[row >> 6] & (1UL << (row & 63))) == 0)
            {
                if (written == null)
                {
                    NativeMethods.EnsureValidityWritable(output);
                    written = NativeMethods.VectorValidity(output);
                }
                written[row >> 6] &= ~(1UL << (row & 63));
            }
            else if (!WholeNumber.TryParse(NativeString.Bytes(texts + row), out numbers[row]))
                return row;
        }
        return -1;
    }

    private static string Text(NativeString* text) => Encoding.UTF8.GetString(NativeString.Bytes(text));
}
