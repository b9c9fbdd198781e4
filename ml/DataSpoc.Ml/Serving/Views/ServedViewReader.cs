using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Serving.Views;

/// <summary>Reads the materialised tables of a model's views into memory, by the expressions and encoders that training and prediction use.</summary>
/// <param name="tables">The bucket's tables.</param>
/// <param name="open">Opens a database.</param>
internal sealed class ServedViewReader(BucketTables tables, Func<Database> open)
{
    /// <summary>The share of the machine's memory that one view may take.</summary>
    private const double MostMemory = 0.5;

    /// <summary>Reads the views; those whose table is as it was are taken over.</summary>
    /// <param name="features">The model's; it has views.</param>
    /// <param name="before">What was read before; null at first.</param>
    /// <param name="cancel">Interrupts.</param>
    /// <returns><paramref name="before"/> itself where nothing changed.</returns>
    /// <exception cref="UserError">A view is not materialised, from another definition, or does not fit the model (<see cref="ExitCode.Refused"/>); or it cannot be read.</exception>
    public async Task<ServedViews> ReadAsync(FeaturesDocument features, ServedViews? before, CancellationToken cancel)
    {
        using var database = open();
        using var connection = database.Connect();
        var joining = new ViewJoining(tables);
        var indices = new List<ViewIndex>();
        foreach (var (i, view) in features.Views!.Views.Index())
            indices.Add(before is not null && await IsAsync(database, view, before.Indices[i].Input, cancel)
                ? before.Indices[i]
                : await Task.Run(async () => Read(connection, features, i, (await joining.ViewsAsync(database, connection, [view], cancel))[0], cancel), cancel));
        return before is not null && indices.SequenceEqual(before.Indices) ? before : new(features, indices);
    }

    // looks at the log only
    private async Task<bool> IsAsync(Database database, JoinedView view, string input, CancellationToken cancel)
    {
        var location = new TableLocation(Layer.Features, null, view.Name);
        var content = await tables.ContentAsync(database, location.SqlName, cancel);
        return content.Snapshot is { } snapshot && $"{location.Folder}@{snapshot.Version}" == input;
    }

    private static ViewIndex Read(Connection connection, FeaturesDocument features, int position, ViewTable table, CancellationToken cancel)
    {
        EntityColumn[] keys = [.. table.View.Entity.Select(name => new EntityColumn(name, table.Table.Require(name, "entity").Type.ToString()))];
        if (keys.FirstOrDefault(k => !k.CanBeSent) is { } never)
            throw new UserError($"entity `{never.Name}` of view `{table.View.Name}` is {never.Type}: no row in JSON can name it") { Hint = "cast it to text in the view's SQL", ExitCode = ExitCode.Refused };
        PreparedColumn[] columns = [.. features.Columns.Where(c => ServedViews.Owner(features.Views, c.Name) == position)];
        var renamed = table.Table with { Columns = [.. table.Features.Select(f => f with { Name = table.View.Column(f.Name) })] };
        TableFit.Require(features with { Columns = columns }, renamed);
        try
        {
            return Read(connection, table, keys, columns, cancel);
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, table.Table);
        }
    }

    private static ViewIndex Read(Connection connection, ViewTable table, EntityColumn[] keys, PreparedColumn[] columns, CancellationToken cancel)
    {
        var writer = new FeatureWriter(new(columns, []));
        var rows = new FloatTable(Math.Max(1, writer.Width));
        var (entities, owners, moments) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<int>(), new List<long>());
        var most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MostMemory;
        var known = Moments.Micros(table.View.Timestamp);
        IEnumerable<string> expressions = [.. keys.Select(k => k.Expression), known, .. columns.Select(c => ColumnExpressions.Of(c.Name[table.View.Column("").Length..], c.Kind))];
        using var reader = connection.Query($"SELECT {string.Join(", ", expressions)} FROM {table.Table.From} WHERE {known} IS NOT NULL AND {string.Join(" AND ", keys.Select(k => $"{Sql.Identifier(k.Name)} IS NOT NULL"))}", cancel);
        var parts = new string[keys.Length];
        while (reader.NextChunk())
        {
            var chunk = reader.Chunk;
            for (var row = 0; row < chunk.Count; row++)
            {
                for (var part = 0; part < parts.Length; part++)
                    parts[part] = keys[part].Of(System.Text.Encoding.UTF8.GetString(chunk.Reader(part).String(row)));
                var key = ViewIndex.Key(parts);
                if (!entities.TryGetValue(key, out var entity))
                    entities[key] = entity = entities.Count;
                owners.Add(entity);
            }
            moments.AddRange(chunk.Reader(keys.Length).Values<long>()[..chunk.Count]);
            for (var row = 0; row < chunk.Count;)
            {
                var destination = rows.Append(chunk.Count - row);
                if (writer.Width > 0)
                    writer.Write(chunk, keys.Length + 1, row, destination);
                row += destination.Length / rows.Columns;
            }
            if (owners.Count * (4.0 * rows.Columns + 40) > most)
                throw new UserError($"view `{table.View.Name}` has more rows than fit into half of this machine's memory") { Hint = "keep fewer moments of each entity in the view's SQL, or serve on a larger machine" };
        }
        return new(table.View, table.Table.Input!, keys, entities, rows, [.. owners], [.. moments]);
    }
}
