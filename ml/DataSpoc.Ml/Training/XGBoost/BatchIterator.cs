using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static DataSpoc.Ml.Training.XGBoost.XGBoostLibrary;

namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>
/// Hands batches to XGBoost when it asks for the next one. One buffer holds the batch that XGBoost is reading.
/// An exception must not cross native frames: it ends the batches and is kept in <see cref="Failure"/>.
/// </summary>
internal sealed unsafe class BatchIterator : IDisposable
{
    private readonly IRowBatches _batches;
    private readonly IReadOnlyList<FeatureColumn> _columns;
    private readonly MatrixHandle _proxy;
    private readonly float* _buffer;
    private readonly int _capacity;
    private GCHandle _self;
    private int _row;

    public BatchIterator(IRowBatches batches, IReadOnlyList<FeatureColumn> columns, MatrixHandle proxy)
    {
        (_batches, _columns, _proxy) = (batches, columns, proxy);
        _capacity = checked(batches.BatchRows * batches.Columns);
        _buffer = (float*)NativeMemory.Alloc((nuint)_capacity, sizeof(float));
        _self = GCHandle.Alloc(this);
    }

    /// <summary>What <see cref="Reset"/> and <see cref="Next"/> are called with.</summary>
    public nint Pointer => GCHandle.ToIntPtr(_self);

    /// <summary>The exception that ended the batches early, if one did.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _self.Free();
        NativeMemory.Free(_buffer);
    }

    [UnmanagedCallersOnly]
    internal static void Reset(nint iterator) => Of(iterator)._row = 0;

    [UnmanagedCallersOnly]
    internal static int Next(nint iterator)
    {
        var self = Of(iterator);
        try
        {
            return self.Advance() ? 1 : 0;
        }
#pragma warning disable CA1031 // whatever it is, it is thrown again on the managed side of the call
        catch (Exception e)
#pragma warning restore CA1031
        {
            self.Failure = e;
            return 0;
        }
    }

    private bool Advance()
    {
        if (Failure is not null)
            return false;
        var rows = _batches.Read(_row, new Span<float>(_buffer, _capacity));
        if (rows == 0)
            return false;
        _row += rows;
        Check(NativeMethods.XGProxyDMatrixSetDataDense(_proxy, ArrayInterface.Dense(_buffer, rows, _batches.Columns)));
        Matrix.Describe(_proxy, _columns);
        return true;
    }

    private static BatchIterator Of(nint iterator) => Unsafe.As<BatchIterator>(GCHandle.FromIntPtr(iterator).Target!);
}
