using Xunit;

namespace Lens.Tests.MlGateway;

public sealed class MlCommandTests
{
    [Fact]
    public async Task Ml_Arguments_NameTablesInFullAndTheirBucket()
    {
        await using var lake = Lake.New();
        using var lens = new LensProcess();
        await lake.WriteAsync("curated/sales/orders", "SELECT 1 AS id");
        lens.Write("lens.yaml", $"buckets:\n  lake: {lake.Uri}\n");
        lens.Variables["LENS_ML"] = Script(lens, "printf '%s\\n' \"$@\" > said; exit 3");

        var outcome = await lens.RunAsync("ml", "train", "--from", "orders", "--target", "late", "-o", "json");

        Assert.Equal(3, outcome.Exit);
        Assert.Equal(["train", "--from", "curated.sales_orders", "--target", "late", "-o", "json", "--bucket", lake.Uri], await File.ReadAllLinesAsync(lens.PathOf("said"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ml_NotInstalled_SaysHowToInstallIt()
    {
        using var lens = new LensProcess();
        lens.Variables["LENS_ML"] = "/nowhere/ml";

        var outcome = await lens.RunAsync("ml", "models");

        Assert.Equal(1, outcome.Exit);
        Assert.Contains("dotnet tool install --global DataSpoc.Ml", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ml_OlderVersion_IsNamed()
    {
        using var lens = new LensProcess();
        lens.Variables["LENS_ML"] = Script(lens, "if [ \"$1\" = --version ]; then echo ml 0.0.9; exit 0; fi; exit 2");

        var outcome = await lens.RunAsync("ml", "explain");

        Assert.Equal(2, outcome.Exit);
        Assert.Contains("is ml 0.0.9", outcome.Error, StringComparison.Ordinal);
    }

    private static string Script(LensProcess lens, string body)
    {
        lens.Write("ml.sh", "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(lens.PathOf("ml.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        return lens.PathOf("ml.sh");
    }
}
