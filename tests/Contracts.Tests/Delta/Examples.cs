using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;

namespace Contracts.Tests.Delta;

/// <summary>A table, runs that write it, and files they bring.</summary>
internal static class Examples
{
    public static readonly TableLocation Orders = new(Layer.Raw, "shop", "orders");

    public static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly DeltaSchema Columns = new([new("id", PrimitiveType.Long), new("amount", new DecimalType(18, 2))]);

    public static string Run(long number) => number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A change of run <paramref name="sequence"/> with one file per given day, or one without day.</summary>
    public static TableChange Change(ChangeMode mode, long sequence, params string?[] days) => new(Orders, mode, Columns, "pipe/orders", sequence, Run(sequence))
    {
        PartitionColumns = days.Any(day => day is not null) || mode == ChangeMode.OverwritePartitions ? ["dt"] : [],
        Files = [.. days.Select((day, number) => File(sequence, number + 1, day))],
        Tool = "pipe 0.1.0",
    };

    public static StagedFile File(long sequence, int number, string? day, long rows = 10)
    {
        var path = DataFileName.New(Orders, Run(sequence), number, day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        return new(new(Orders.KeyOf(path), 1000 + number, null, [], $".dataspoc/staging/{Run(sequence)}/{number}.parquet"), day, rows, new FileStatistics(rows));
    }

    public static TableSnapshot? Commit(TableSnapshot? table, TableChange change) => CommitPlanner.Plan(table, change, Now) is PlannedCommit commit
        ? table?.With(commit.Version, Reread(commit.Actions)) ?? new SnapshotReplay(Orders.Folder).Apply(commit.Version, Reread(commit.Actions)).ToSnapshot()
        : table;

    public static TableSnapshot Table(params TableChange[] changes)
    {
        TableSnapshot? table = null;
        foreach (var change in changes)
            table = Commit(table, change);
        return table!;
    }

    /// <summary>As they come back from the bucket.</summary>
    public static IReadOnlyList<DeltaAction> Reread(IEnumerable<DeltaAction> actions) => LogEntry.Parse(LogEntry.Serialize(actions), "00000000000000000000.json");

    /// <summary>A snapshot in words that can be compared: every part of it, in order.</summary>
    public static string Describe(TableSnapshot table) => string.Join('\n', [
        $"version {table.Version}",
        .. Lines([table.Protocol, table.Metadata]),
        .. Lines(table.Transactions.Values.OrderBy(transaction => transaction.AppId, StringComparer.Ordinal)),
        .. Lines(table.Files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)),
        .. Lines(table.Tombstones.Values.OrderBy(file => file.Path, StringComparer.Ordinal)),
    ]);

    public static string[] Lines(IEnumerable<DeltaAction> actions) =>
        System.Text.Encoding.UTF8.GetString(LogEntry.Serialize(actions)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
