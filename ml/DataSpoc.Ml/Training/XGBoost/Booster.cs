using System.Globalization;
using System.Runtime.InteropServices;
using static DataSpoc.Ml.Training.XGBoost.XGBoostLibrary;

namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>A gradient-boosted model: trained round by round, saved to and loaded from XGBoost's own UBJSON format. Not for two threads at once.</summary>
internal sealed class Booster : IDisposable
{
    private readonly BoosterHandle _handle;

    private Booster(BoosterHandle handle) => _handle = handle;

    /// <summary>Trees' rounds so far.</summary>
    public int Rounds
    {
        get
        {
            Check(NativeMethods.XGBoosterBoostedRounds(_handle, out var rounds));
            return rounds;
        }
    }

    /// <summary>Features per row that the model was trained on.</summary>
    public int FeatureCount
    {
        get
        {
            Check(NativeMethods.XGBoosterGetNumFeature(_handle, out var count));
            return checked((int)count);
        }
    }

    /// <summary>The features' names in order; empty for a model without names.</summary>
    public unsafe IReadOnlyList<string> FeatureNames
    {
        get
        {
            Check(NativeMethods.XGBoosterGetStrFeatureInfo(_handle, "feature_name", out var count, out var values));
            return Strings(values, count);
        }
    }

    /// <summary>An untrained model.</summary>
    /// <param name="matrices">The matrices that will be trained on or evaluated: their predictions are kept between rounds.</param>
    /// <param name="parameters">XGBoost's parameters, applied in order.</param>
    public static unsafe Booster Create(IReadOnlyList<Matrix> matrices, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var pointers = stackalloc nint[matrices.Count];
        for (var i = 0; i < matrices.Count; i++)
            pointers[i] = matrices[i].Handle.DangerousGetHandle();
        Check(NativeMethods.XGBoosterCreate(pointers, (ulong)matrices.Count, out var handle));
        GC.KeepAlive(matrices);
        var booster = new Booster(handle);
        try
        {
            // its notes go to stdout and stderr, which are ours
            Check(NativeMethods.XGBoosterSetParam(handle, "verbosity", "0"));
            foreach (var (name, value) in parameters)
                Check(NativeMethods.XGBoosterSetParam(handle, name, value));
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>A model from the bytes of <see cref="Save"/>, or of any XGBoost that saved as UBJSON or JSON.</summary>
    /// <param name="model">The whole file.</param>
    /// <param name="threads">Threads to predict with, at least 1.</param>
    /// <exception cref="XGBoostException">The bytes are not a model.</exception>
    public static unsafe Booster Load(ReadOnlySpan<byte> model, int threads)
    {
        var booster = Create([], []);
        try
        {
            fixed (byte* bytes = model)
                Check(NativeMethods.XGBoosterLoadModelFromBuffer(booster._handle, bytes, (ulong)model.Length));
            Check(NativeMethods.XGBoosterSetParam(booster._handle, "nthread", threads.ToString(CultureInfo.InvariantCulture)));
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>Writes the features' names and types into the model, so that they are in its file.</summary>
    public void Describe(IReadOnlyList<FeatureColumn> columns)
    {
        Check(NativeMethods.XGBoosterSetStrFeatureInfo(_handle, "feature_name", [.. columns.Select(c => c.Name)], (ulong)columns.Count));
        Check(NativeMethods.XGBoosterSetStrFeatureInfo(_handle, "feature_type", [.. columns.Select(c => c.Type)], (ulong)columns.Count));
    }

    /// <summary>Adds round number <paramref name="round"/>, counted from 0.</summary>
    public void Update(int round, Matrix training) => Check(NativeMethods.XGBoosterUpdateOneIter(_handle, round, training.Handle));

    /// <summary>Adds a round for a loss of one's own.</summary>
    /// <param name="training">The matrix.</param>
    /// <param name="gradients">Per row the loss's first derivative by the margin.</param>
    /// <param name="curvatures">Per row its second, above 0.</param>
    public unsafe void Boost(Matrix training, ReadOnlySpan<float> gradients, ReadOnlySpan<float> curvatures)
    {
        if (gradients.Length != curvatures.Length)
            throw new ArgumentException($"{curvatures.Length} second derivatives for {gradients.Length} first", nameof(curvatures));
        fixed (float* first = gradients, second = curvatures)
            Check(NativeMethods.XGBoosterBoostOneIter(_handle, training.Handle, first, second, (ulong)gradients.Length));
    }

    /// <summary>The value of <c>eval_metric</c> on a matrix after round number <paramref name="round"/>, to six significant digits.</summary>
    public unsafe double Evaluate(int round, Matrix validation)
    {
        var matrix = validation.Handle.DangerousGetHandle();
        Check(NativeMethods.XGBoosterEvalOneIter(_handle, round, &matrix, ["v"], 1, out var result));
        GC.KeepAlive(validation);
        // "[12]\tv-logloss:0.34521"
        var text = Marshal.PtrToStringUTF8((nint)result) ?? "";
        var colon = text.LastIndexOf(':');
        return colon >= 0 && double.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new XGBoostException($"no figure in `{text}`");
    }

    /// <summary>
    /// Predictions for exact values: per row one figure (regression: the value; binary: the probability of class 1),
    /// or one probability per class.
    /// </summary>
    /// <param name="values">Row-major, <paramref name="rows"/> × <see cref="FeatureCount"/>; NaN is missing.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="destination">Row-major, <paramref name="rows"/> × figures per row.</param>
    public unsafe void Predict(ReadOnlySpan<float> values, int rows, Span<float> destination)
    {
        if (values.Length != (long)rows * FeatureCount)
            throw new ArgumentException($"{values.Length} values are not {rows} rows of {FeatureCount} features", nameof(values));
        if (rows == 0)
            return;
        const string Normal = """{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true,"missing":NaN,"cache_id":0}""";
        fixed (float* start = values)
        {
            Check(NativeMethods.XGBoosterPredictFromDense(
                _handle, ArrayInterface.Dense(start, rows, values.Length / rows), Normal, 0, out var shape, out var dimensions, out var result));
            var count = 1UL;
            for (var i = 0UL; i < dimensions; i++)
                count *= shape[i];
            if (count != (ulong)destination.Length)
                throw new ArgumentException($"{count} predictions do not fit into {destination.Length} places", nameof(destination));
            new ReadOnlySpan<float>(result, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Predictions for the rows of a matrix, as <see cref="Predict(ReadOnlySpan{float}, int, Span{float})"/> gives them.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="rounds">By the first rounds of trees only; 0 is all.</param>
    public float[] Predict(Matrix matrix, int rounds = 0) => Predict(matrix, 0, 0, rounds);

    /// <summary>What a model of one round alone, number <paramref name="round"/>, would answer: its trees and the base score.</summary>
    public float[] PredictRound(Matrix matrix, int round) => Predict(matrix, 0, round, round + 1);

    /// <summary>
    /// What each feature adds to each answer before the link function (exact Shapley values): per row and output one figure per feature, and at
    /// the end the answer without any feature; together they are the margin.
    /// </summary>
    public float[] Contributions(Matrix matrix) => Predict(matrix, 2, 0, 0);

    private unsafe float[] Predict(Matrix matrix, int type, int first, int end)
    {
        Check(NativeMethods.XGBoosterPredictFromDMatrix(
            _handle, matrix.Handle,
            string.Create(CultureInfo.InvariantCulture, $$"""{"type":{{type}},"training":false,"iteration_begin":{{first}},"iteration_end":{{end}},"strict_shape":true}"""),
            out var shape, out var dimensions, out var result));
        var count = 1UL;
        for (var i = 0UL; i < dimensions; i++)
            count *= shape[i];
        return new ReadOnlySpan<float>(result, checked((int)count)).ToArray();
    }

    /// <summary>What splits by each feature won in all trees together, for the features that are used at all.</summary>
    public unsafe IReadOnlyDictionary<string, double> TotalGain()
    {
        Check(NativeMethods.XGBoosterFeatureScore(
            _handle, """{"importance_type":"total_gain"}""", out var count, out var names, out _, out _, out var scores));
        var gains = new Dictionary<string, double>(StringComparer.Ordinal);
        var features = Strings(names, count);
        for (var i = 0; i < features.Count; i++)
            gains[features[i]] = scores[i];
        return gains;
    }

    /// <summary>The model as UBJSON, which Python's and R's XGBoost open.</summary>
    public unsafe byte[] Save()
    {
        Check(NativeMethods.XGBoosterSaveModelToBuffer(_handle, """{"format":"ubj"}""", out var length, out var bytes));
        return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static unsafe List<string> Strings(byte** values, ulong count)
    {
        var strings = new List<string>();
        for (var i = 0UL; i < count; i++)
            strings.Add(Marshal.PtrToStringUTF8((nint)values[i]) ?? "");
        return strings;
    }
}
