using System.Runtime.CompilerServices;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>A decimal as DuckDB keeps it: the whole number of its smallest units, in as many bytes as its width needs.</summary>
internal static class UnscaledDecimal
{
    /// <param name="target">A DECIMAL column.</param>
    /// <param name="bytes">Of a value: 2, 4, 8 or 16 (<see cref="LogicalType.ByteWidth"/>).</param>
    /// <param name="row">Which.</param>
    /// <param name="unscaled">Fits the column's width.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(VectorWriter target, int bytes, int row, Int128 unscaled)
    {
        switch (bytes)
        {
            case 2:
                target.Set(row, (short)unscaled);
                break;
            case 4:
                target.Set(row, (int)unscaled);
                break;
            case 8:
                target.Set(row, (long)unscaled);
                break;
            default:
                target.Set(row, unscaled);
                break;
        }
    }
}
