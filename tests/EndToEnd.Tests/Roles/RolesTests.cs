using DataSpoc.Tests;
using Platform.Tests.Provisioning;
using Xunit;

namespace EndToEnd.Tests.Roles;

/// <summary>The roles of <c>platform apply</c> are what the tools need, and no more: each tool is run with its own role's credentials.</summary>
public sealed class RolesTests
{
    [Fact]
    public async Task EachTool_WorksWithItsRole_AndNotWithAnothers()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var server = TestServers.S3();
        var name = $"t{Guid.NewGuid():N}"[..20];
        folder.Write("platform.yaml", $$"""
            lake: {{name}}
            server: ceph
            teams:
              shop: { data_engineer: [dse-pipe], analyst: [dse-ana], data_scientist: [dse-dan], auditor: [dse-audrey] }
            buckets:
              {{name}}: { team: shop, layers: [raw, curated, gold, ml] }
            """);
        folder.Write("days.csv", "id,weather,late\n" + string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{(i * 7 % 5 < 2 ? "rain" : "sun")},{(i * 7 % 5 < 2 == i % 11 > 1 ? "true" : "false")}\n")));
        var owner = new Lake($"s3://{name}", folder.Path, server.EnvironmentOf(server.Alice));
        await owner.DoAsync("platform", "apply", "--yes", "-q");
        try
        {
            var (engineer, analyst, scientist, auditor) = (await AsAsync("dse-pipe"), await AsAsync("dse-ana"), await AsAsync("dse-dan"), await AsAsync("dse-audrey"));
            await engineer.IngestAsync("./days.csv", "shop/days");
            Assert.Equal("300", await analyst.RowsAsync("select count(*) from raw.shop_days"));
            await scientist.DoAsync("ml", "train", "--from", "raw.shop_days", "--target", "late", "--bucket", owner.Bucket);

            // whoever audits sees what ran, how fresh it is and what failed, and no row of it
            folder.Write("bad.csv", "id,weather,late\nx,rain,true\n");
            await engineer.FailsAsync(3, [], "pipe", "ingest", "./bad.csv", "--to", owner.Bucket, "--table", "shop/days");
            await auditor.FailsAsync(3, ["error: 1 of 4 lines is not well", "failed   pipeline shop_days in "], "platform", "status", "--check", "--max-age", "1d");

            await analyst.FailsAsync(4, ["s3:", ".dataspoc/state/shop_days/"], "pipe", "ingest", "./days.csv", "--to", owner.Bucket, "--table", "shop/days");
            await auditor.FailsAsync(4, ["s3:GetObject", "raw/shop/days/"], "lens", "sql", "select count(*) from raw.shop_days", "--bucket", owner.Bucket);
        }
        finally
        {
            await owner.DoAsync("platform", "destroy", "--yes", "-q", "--allow-data-loss", name);
        }

        async Task<Lake> AsAsync(string user) => owner with { Environment = server.EnvironmentOf(await TestUsers.MakeAsync(server, user, cancel)) };
    }
}
