using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>A table as it was read.</summary>
/// <param name="Table">Its rows.</param>
/// <param name="Infinite">Numbers that were infinite and count as missing.</param>
/// <param name="Keys">What a split must respect; null where nothing was named.</param>
/// <param name="Seen">Per column whose statistics are not known yet, its values by number.</param>
internal sealed record ReadTable(LearningTable Table, long Infinite, SplitKeys? Keys, IReadOnlyDictionary<string, SeenValues> Seen);

/// <summary>Reads the rows that have a target, in the table's order, into memory: four bytes per feature and row.</summary>
internal static class LearningTableReader
{
    /// <summary>Reads.</summary>
    /// <param name="connection">Where the table is known.</param>
    /// <param name="table">The table.</param>
    /// <param name="preparation">At least one column.</param>
    /// <param name="target">What is learned.</param>
    /// <param name="roles">Columns that order, group or weigh the rows.</param>
    /// <param name="progress">Told the rows so far.</param>
    /// <param name="cancel">Interrupts the query.</param>
    /// <exception cref="UserError">A time, group or weight is missing or impossible.</exception>
    public static ReadTable Read(
        Connection connection, SourceTable table, TablePreparation preparation, Target target, RowRoles roles, Action<long>? progress, CancellationToken cancel)
    {
        var seen = preparation.Columns.Where(c => c.Use == TextUse.Statistics && c.Statistics is null).ToDictionary(c => c.Name, _ => new SeenValues(), StringComparer.Ordinal);
        var writer = new FeatureWriter(preparation, seen);
        var values = new FloatTable(writer.Width);
        var labels = new List<float>();
        var role = new RoleReading(roles, table);
        var classes = new CategoryCodes(new(target.Column, target.Type, ColumnKind.Category, []) { Categories = target.Classes });
        string[] expressions = [ColumnExpressions.Of(target), .. role.Expressions, .. preparation.Columns.Select(ColumnExpressions.Of)];
        var column = table.Columns.First(c => c.Name == target.Column);
        using var reader = connection.Query($"SELECT {string.Join(", ", expressions)} FROM {table.From} WHERE {ColumnExpressions.HasTarget(column)}", cancel);
        while (reader.NextChunk())
        {
            var chunk = reader.Chunk;
            Labels(chunk.Reader(0), target, classes, labels);
            role.Read(chunk, 1);
            for (var row = 0; row < chunk.Count;)
            {
                var destination = values.Append(chunk.Count - row);
                writer.Write(chunk, 1 + role.Expressions.Count, row, destination);
                row += destination.Length / writer.Width;
            }
            progress?.Invoke(values.Rows);
        }
        return new(new(values, [.. Enumerable.Range(0, writer.Width)], preparation.Features, [.. labels], target) { Weights = role.Weights }, writer.Infinite, role.Keys, seen);
    }

    private static void Labels(VectorReader reader, Target target, CategoryCodes classes, List<float> labels)
    {
        if (target.Task == LearningTask.Regression)
        {
            foreach (var value in reader.Values<double>())
                labels.Add((float)value);
            return;
        }
        for (var row = 0; row < reader.Count; row++)
            labels.Add(classes.Code(reader.String(row)));
    }
}
