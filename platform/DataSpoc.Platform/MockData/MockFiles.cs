using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.MockData;

/// <summary>
/// Writes the network as three files. They are written under another name first and then renamed, so that an interrupted
/// run leaves no file that looks whole.
/// </summary>
internal sealed class MockFiles(string folder, OutputFormat format)
{
    private readonly List<(string Temporary, string Final)> _files = [];

    /// <summary>The files with their rows and bytes, in the order of the tables.</summary>
    public IReadOnlyList<(string Path, long Rows, long Bytes)> Write(NetworkPlan plan, ProgressLine progress, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var simulation = new Simulation(plan);
            long[] rows;
            using (var locations = Open(MockTables.Locations))
            using (var parcels = Open(MockTables.Parcels))
            using (var deliveries = Open(MockTables.Deliveries))
            {
                foreach (var location in simulation.Locations.All)
                    locations.Add(location);
                foreach (var delivery in simulation.Deliveries())
                {
                    cancel.ThrowIfCancellationRequested();
                    parcels.Add(delivery.Parcel);
                    deliveries.Add(delivery);
                    progress.Advance(1);
                }
                rows = [locations.Complete(), parcels.Complete(), deliveries.Complete()];
            }
            foreach (var (temporary, final) in _files)
                File.Move(temporary, final, overwrite: true);
            return [.. _files.Zip(rows, static (f, r) => (f.Final, r, new FileInfo(f.Final).Length))];
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"mock data cannot be written: {cannot.Message}", cannot) { Where = [("folder", folder)], Hint = "name another folder with `--out`, or free space" };
        }
        finally
        {
            foreach (var (temporary, _) in _files)
                File.Delete(temporary);
        }
    }

    private TableFile<T> Open<T>(MockTable<T> table)
    {
        var final = Path.Combine(folder, $"{table.Name}.{(format == OutputFormat.Csv ? "csv" : "ndjson")}");
        var temporary = final + ".part";
        _files.Add((temporary, final));
        return new(table, new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1), format);
    }

    private sealed class TableFile<T>(MockTable<T> table, FileStream file, OutputFormat format) : IDisposable
    {
        private readonly IRowWriter _writer = RowWriterFactory.Create(file, format, [.. table.Columns.Select(static c => c.ForRows)]);

        public void Add(T row)
        {
            table.Write(row, _writer);
            _writer.EndRow();
        }

        public long Complete()
        {
            _writer.Complete();
            return _writer.RowCount;
        }

        public void Dispose()
        {
            _writer.Dispose();
            file.Dispose();
        }
    }
}
