using DataSpoc.Contracts;
using DataSpoc.Ml.Training.XGBoost;
using Xunit;

namespace Ml.Tests.Training.XGBoost;

public sealed class BoosterTests
{
    private static readonly FeatureColumn[] Columns = [new("size", false), new("colour", true), new("nothing", false)];

    private static readonly KeyValuePair<string, string>[] Parameters =
    [
        new("objective", "binary:logistic"), new("tree_method", "hist"), new("max_depth", "4"), new("nthread", "1"), new("seed", "7"),
        new("subsample", "0.8"), new("eval_metric", "logloss"),
    ];

    // the label is a rule over both columns, so that splits by number and by set are both needed
    private static (float[] Values, float[] Labels) Rows(int count)
    {
        var values = new float[count * 3];
        var labels = new float[count];
        for (var i = 0; i < count; i++)
        {
            var size = i * 37 % 101;
            var colour = i * 7 % 11;
            values[i * 3] = i % 13 == 0 ? float.NaN : size;
            values[i * 3 + 1] = colour;
            values[i * 3 + 2] = i % 3;
            labels[i] = size > 50 && colour is 1 or 4 or 9 ? 1 : 0;
        }
        return (values, labels);
    }

    private static byte[] Train(int batchRows, int rounds = 20, int threads = 1)
    {
        var (values, labels) = Rows(3000);
        using var matrix = Matrix.Quantiles(new ArrayBatches(values, 3, batchRows), Columns, labels, 256, threads);
        using var booster = Booster.Create([matrix], Parameters);
        for (var round = 0; round < rounds; round++)
            booster.Update(round, matrix);
        booster.Describe(Columns);
        return booster.Save();
    }

    [Fact]
    public void Quantiles_TrainedOn_LearnsNumbersAndSets()
    {
        var (values, labels) = Rows(3000);
        using var booster = Booster.Load(Train(700), 1);
        var predictions = new float[3000];
        booster.Predict(values, 3000, predictions);
        var right = predictions.Zip(labels, (p, l) => p > 0.5f == l > 0.5f).Count(x => x);
        Assert.True(right > 2950, $"{right} of 3000");
    }

    [Fact]
    public void Save_SameSeedTwice_GivesTheSameBytes() => Assert.Equal(Train(700), Train(700));

    [Fact]
    public void Save_OtherBatchSize_GivesTheSameBytes() => Assert.Equal(Train(3000), Train(999));

    [Fact]
    public void Save_TwoThreads_GivesTheSameBytesAsOne() => Assert.Equal(Train(700, threads: 1), Train(700, threads: 2));

    [Fact]
    public void Load_OfSave_KeepsNamesRoundsAndPredictions()
    {
        var model = Train(700);
        using var booster = Booster.Load(model, 1);
        Assert.Equal(["size", "colour", "nothing"], booster.FeatureNames);
        Assert.Equal(3, booster.FeatureCount);
        Assert.Equal(20, booster.Rounds);
        Assert.Equal(model, booster.Save());
    }

    [Fact]
    public void TotalGain_OfTheRule_IsHighestForWhatTheRuleUses()
    {
        using var booster = Booster.Load(Train(700), 1);
        var gain = booster.TotalGain();
        Assert.True(gain["colour"] > gain.GetValueOrDefault("nothing") * 100);
        Assert.True(gain["size"] > gain.GetValueOrDefault("nothing") * 100);
    }

    [Fact]
    public void Evaluate_AfterMoreRounds_Falls()
    {
        var (values, labels) = Rows(3000);
        using var matrix = Matrix.Quantiles(new ArrayBatches(values, 3, 500), Columns, labels, 256, 1);
        using var held = Matrix.Dense(values.AsSpan(0, 300), 100, Columns, labels.AsSpan(0, 100), 1);
        using var booster = Booster.Create([matrix, held], Parameters);
        booster.Update(0, matrix);
        var first = booster.Evaluate(0, held);
        for (var round = 1; round < 10; round++)
            booster.Update(round, matrix);
        Assert.InRange(booster.Evaluate(9, held), 0, first * 0.5);
    }

    [Fact]
    public void Predict_WrongNumberOfColumns_IsRefusedByUs()
    {
        using var booster = Booster.Load(Train(700, rounds: 1), 1);
        Assert.Throws<ArgumentException>(() => booster.Predict(new float[4], 2, new float[2]));
    }

    [Fact]
    public void Load_NotAModel_IsAnException() =>
        Assert.Throws<XGBoostException>(() => Booster.Load("{\"learner\": 3}"u8, 1));

    [Fact]
    public void Dense_InfiniteValue_SaysWhatXGBoostSays()
    {
        var (values, labels) = Rows(100);
        values[5] = float.PositiveInfinity;
        var error = Assert.Throws<XGBoostException>(() => Matrix.Dense(values, 100, Columns, labels, 1));
        Assert.Contains("inf", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Stack trace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantiles_BatchThatCannotBeRead_ThrowsItsReason()
    {
        var (values, labels) = Rows(100);
        var error = Assert.Throws<InvalidOperationException>(
            () => Matrix.Quantiles(new ArrayBatches(values, 3, 30) { BreaksAt = 60 }, Columns, labels, 256, 1));
        Assert.Equal("the disk is gone", error.InnerException?.Message);
    }

    [Fact]
    public void Quantiles_TwoColumnsOfOneName_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Matrix.Quantiles(new ArrayBatches([1, 2], 2, 1), [new("a", false), new("a", false)], [1f], 256, 1));

    [Fact]
    public void Open_NoneThere_SaysHowToInstall()
    {
        var error = Assert.Throws<UserError>(() => XGBoostLibrary.Open(["/nowhere/libxgboost.so"]));
        Assert.Contains("apt-get install libxgboost0", error.Hint, StringComparison.Ordinal);
        Assert.Equal(("looked for", "/nowhere/libxgboost.so"), error.Where[0]);
    }

    [Fact]
    public void CheckedVersion_Installed_IsNewEnough() => Assert.True(XGBoostLibrary.CheckedVersion() >= new Version(1, 7));
}
