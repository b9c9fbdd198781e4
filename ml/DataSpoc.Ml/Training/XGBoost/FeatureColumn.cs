namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>One column of a matrix as XGBoost knows it.</summary>
/// <param name="Name">Unique within the matrix; without the characters Python's XGBoost refuses (<c>[ ] &lt;</c>).</param>
/// <param name="Categorical">Whether values are category codes 0…n-1 to be split as sets, not numbers to be split by order.</param>
internal sealed record FeatureColumn(string Name, bool Categorical)
{
    /// <summary>XGBoost's feature type: <c>c</c> categorical, <c>q</c> quantitative.</summary>
    public string Type => Categorical ? "c" : "q";
}
