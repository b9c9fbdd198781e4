namespace DataSpoc.Ml.Training;

/// <summary>How to train.</summary>
internal sealed record TrainingSettings
{
    /// <summary>Same data, same seed, same version: the same model, byte for byte.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>The most rounds of trees.</summary>
    public int MostRounds { get; init; } = 3000;

    /// <summary>Sets of parameters to try; null: as many as the budget allows and the rows bear.</summary>
    public int? Trials { get; init; }

    /// <summary>How long the whole may take, about.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The figure to be good by; null: the task's own.</summary>
    public string? Metric { get; init; }

    /// <summary>How much classes count.</summary>
    public ClassWeighting ClassWeight { get; init; } = ClassWeighting.Auto;

    /// <summary>Regression: the quantile to learn, above 0 and below 1; null: the mean.</summary>
    public double? Quantile { get; init; }

    /// <summary>The share of the table's rows to learn from, above 0 and below 1; null: all.</summary>
    public double? Sample { get; init; }

    /// <summary>Threads, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The clock of the budget.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
