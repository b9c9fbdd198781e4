using System.Globalization;

namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>The JSON by which XGBoost is told where values lie in memory (NumPy's <c>__array_interface__</c>, version 3).</summary>
internal static class ArrayInterface
{
    /// <summary>A row-major float matrix. The memory must stay where it is during the call that reads it.</summary>
    public static unsafe string Dense(float* values, int rows, int columns) =>
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"data":[{{(nint)values}},true],"shape":[{{rows}},{{columns}}],"typestr":"<f4","version":3}""");
}
