using System.Globalization;
using static DataSpoc.Ml.Training.XGBoost.XGBoostLibrary;

namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>A DMatrix: features with names and types, and labels. NaN is a missing value.</summary>
internal sealed class Matrix : IDisposable
{
    private const int FloatType = 1;

    private Matrix(MatrixHandle handle, IReadOnlyList<FeatureColumn> columns, int rows) => (Handle, Columns, Rows) = (handle, columns, rows);

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    internal MatrixHandle Handle { get; }

    /// <summary>
    /// A matrix binned while it is read (XGBoost's QuantileDMatrix): one byte per value for up to 256 bins, and one batch of floats.
    /// It can be trained on; it holds quantiles, not values.
    /// </summary>
    /// <param name="batches">At least one row. Read four times.</param>
    /// <param name="columns">As many as <paramref name="batches"/> has.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="bins">Bins per numeric column; must equal the training's <c>max_bin</c>.</param>
    /// <param name="threads">Threads, at least 1.</param>
    public static unsafe Matrix Quantiles(IRowBatches batches, IReadOnlyList<FeatureColumn> columns, ReadOnlySpan<float> labels, int bins, int threads)
    {
        CheckShape(batches.Rows, batches.Columns, columns, labels);
        Check(NativeMethods.XGProxyDMatrixCreate(out var proxy));
        using (proxy)
        {
            using var iterator = new BatchIterator(batches, columns, proxy);
            var code = NativeMethods.XGQuantileDMatrixCreateFromCallback(
                iterator.Pointer, proxy, 0, &BatchIterator.Reset, &BatchIterator.Next,
                string.Create(CultureInfo.InvariantCulture, $$"""{"missing":NaN,"nthread":{{threads}},"max_bin":{{bins}}}"""),
                out var handle);
            if (iterator.Failure is { } failure)
            {
                handle.Dispose();
                throw new InvalidOperationException("a batch could not be read", failure);
            }
            Check(code);
            return Finished(handle, batches.Rows, columns, labels);
        }
    }

    /// <summary>A matrix of exact values: eight bytes per value that is not missing.</summary>
    /// <param name="values">Row-major, <paramref name="rows"/> × the number of columns.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="threads">Threads, at least 1.</param>
    /// <exception cref="XGBoostException">XGBoost refuses, for example for an infinite value.</exception>
    public static unsafe Matrix Dense(ReadOnlySpan<float> values, int rows, IReadOnlyList<FeatureColumn> columns, ReadOnlySpan<float> labels, int threads)
    {
        if (values.Length != (long)rows * columns.Count)
            throw new ArgumentException($"{values.Length} values are not {rows} rows of {columns.Count} columns", nameof(values));
        CheckShape(rows, columns.Count, columns, labels);
        fixed (float* start = values)
        {
            Check(NativeMethods.XGDMatrixCreateFromDense(
                ArrayInterface.Dense(start, rows, columns.Count),
                string.Create(CultureInfo.InvariantCulture, $$"""{"missing":NaN,"nthread":{{threads}}}"""), out var handle));
            return Finished(handle, rows, columns, labels);
        }
    }

    /// <summary>Says how much each row counts.</summary>
    /// <param name="weights">One per row, 0 or more.</param>
    public unsafe void Weigh(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Rows)
            throw new ArgumentException($"{weights.Length} weights for {Rows} rows", nameof(weights));
        fixed (float* weight = weights)
            Check(NativeMethods.XGDMatrixSetDenseInfo(Handle, "weight", weight, (ulong)weights.Length, FloatType));
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static unsafe Matrix Finished(MatrixHandle handle, int rows, IReadOnlyList<FeatureColumn> columns, ReadOnlySpan<float> labels)
    {
        var matrix = new Matrix(handle, columns, rows);
        try
        {
            Check(NativeMethods.XGDMatrixNumRow(handle, out var nativeRows));
            Check(NativeMethods.XGDMatrixNumCol(handle, out var nativeColumns));
            if (nativeRows != (ulong)rows || nativeColumns != (ulong)columns.Count)
                throw new InvalidOperationException($"the matrix came out as {nativeRows} × {nativeColumns}, not {rows} × {columns.Count}");
            Describe(handle, columns);
            fixed (float* label = labels)
                Check(NativeMethods.XGDMatrixSetDenseInfo(handle, "label", label, (ulong)labels.Length, FloatType));
            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    internal static void Describe(MatrixHandle handle, IReadOnlyList<FeatureColumn> columns)
    {
        Check(NativeMethods.XGDMatrixSetStrFeatureInfo(handle, "feature_name", [.. columns.Select(c => c.Name)], (ulong)columns.Count));
        Check(NativeMethods.XGDMatrixSetStrFeatureInfo(handle, "feature_type", [.. columns.Select(c => c.Type)], (ulong)columns.Count));
    }

    private static void CheckShape(int rows, int width, IReadOnlyList<FeatureColumn> columns, ReadOnlySpan<float> labels)
    {
        if (rows < 1 || width < 1)
            throw new ArgumentException($"a matrix of {rows} × {width} cannot be trained on");
        if (width != columns.Count)
            throw new ArgumentException($"{columns.Count} columns are described, the rows have {width}", nameof(columns));
        if (labels.Length != rows)
            throw new ArgumentException($"{labels.Length} labels for {rows} rows", nameof(labels));
        if (columns.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count() != columns.Count)
            throw new ArgumentException("two columns have the same name", nameof(columns));
    }
}
