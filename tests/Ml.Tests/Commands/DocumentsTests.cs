using Contracts.Tests.Documents;
using DataSpoc.Contracts.Documents;
using Xunit;

namespace Ml.Tests.Commands;

/// <summary>Every JSON document that <c>ml</c> writes fits its schema of the contract.</summary>
public sealed class DocumentsTests
{
    [Theory]
    [InlineData("late", "binary")]
    [InlineData("region", "multiclass")]
    [InlineData("weight_kg", "regression")]
    public async Task Documents_OfTrainingAndPrediction_FitTheirSchemas(string target, string task)
    {
        await using var lake = Lake.OnDisk();
        await lake.WriteAsync("curated/parcels/deliveries", TrainAndPredictTests.Parcels);
        await MlProcess.SucceedAsync("train", "--from", "curated.parcels_deliveries", "--target", target, "--model", "m", "--task", task, "--rounds", "10", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("train", "--from", "curated.parcels_deliveries", "--target", target, "--model", "m", "--rounds", "10", "--bucket", lake.Bucket);
        await MlProcess.SucceedAsync("predict", "--model", "m", "--from", "curated.parcels_deliveries", "--bucket", lake.Bucket);
        Assert.Equal(3, (await MlProcess.RunAsync("predict", "--model", "m", "--from", "predictions.m", "--bucket", lake.Bucket)).ExitCode);

        var checkedSchemas = new HashSet<string>();
        foreach (var key in await lake.KeysAsync())
        {
            if (ContractSchemas.ForKey(key) is not { } name)
                continue;
            checkedSchemas.Add(name);
            var schema = new JsonSchema(ContractSchemas.Text(name));
            var text = await lake.TextAsync(key);
            string[] documents = name == "delta-log-line" ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [text];
            foreach (var document in documents)
                Assert.True(schema.Faults(document) is [], $"{key}: {string.Join("; ", schema.Faults(document))}");
        }
        Assert.Superset(new HashSet<string> { "manifest", "run-record", "run-log", "model-aliases", "model-features", "model-metrics", "model-run", "delta-log-line" }, checkedSchemas);
    }
}
