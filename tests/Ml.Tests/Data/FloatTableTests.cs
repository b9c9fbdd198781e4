using DataSpoc.Contracts;
using DataSpoc.Ml.Data;
using Xunit;

namespace Ml.Tests.Data;

public sealed class FloatTableTests
{
    private const long Gigabyte = 1_000_000_000;

    [Fact]
    public void Append_BeyondWhatMemoryMayHold_LiesInFilesWithoutAName()
    {
        using var folder = new TemporaryFolder();
        var (within, beyond) = (new FloatTable(3), new FloatTable(3, new(20 << 20, folder.Path)));
        foreach (var table in new[] { within, beyond })
            for (var row = 0; row < 3_000_000;)
            {
                var rows = table.Append(100_000);
                for (var i = 0; i < rows.Length; i++)
                    rows[i] = row * 3 + i;
                row += rows.Length / 3;
            }
        Assert.Equal((0, true), (within.MappedBytes, beyond.MappedBytes is > 12 << 20 and < 40 << 20));
        Assert.Equal(within.Rows, beyond.Rows);
        for (var row = 0; row < within.Rows; row += 997)
            Assert.True(within.Row(row).SequenceEqual(beyond.Row(row)));
        beyond.Change(beyond.Rows - 1)[2] = float.NaN;
        Assert.True(float.IsNaN(beyond.Row(beyond.Rows - 1)[2]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Append_FolderThatCannotBe_IsAClearError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "file"), "");
        var error = Assert.Throws<UserError>(() => new FloatTable(3, new(0, Path.Combine(folder.Path, "file", "below"))).Append(1));
        Assert.Contains("TMPDIR", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5_000_000, 20, 8, 100, null)]
    [InlineData(500_000_000, 20, 8, 100, "--sample 0.0888;")]
    [InlineData(5_000_000, 20, 2, 0, "--sample 0.5625;")]
    [InlineData(50_000_000, 20, 24, 0, "--sample 0.675;")]
    [InlineData(3_000_000_000, 1, 9000, 100_000, "--sample 0.6442;")]
    public void Require_TableThatDoesNotFit_IsRefusedWithTheShareThatDoes(long rows, int features, long memory, long disk, string? hint)
    {
        var limits = new FloatTableLimits(memory * Gigabyte / 8, "/tmp");
        if (hint is null)
            limits.Require("raw.t", rows, features, null, memory * Gigabyte, disk * Gigabyte);
        else
        {
            var error = Assert.Throws<UserError>(() => limits.Require("raw.t", rows, features, null, memory * Gigabyte, disk * Gigabyte));
            Assert.Contains($"`raw.t` is too large to learn from at once: {rows} rows of {features} features", error.What, StringComparison.Ordinal);
            Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        }
    }
}
