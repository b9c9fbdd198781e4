using System.Globalization;
using System.Text;

namespace DataSpoc.Tests.Bench;

/// <summary>A tap of very many streams, whose records come one by one in turns: no more memory and no more open files than one of few.</summary>
internal static class StreamsBenchmark
{
    private const string Columns = """{"schema":{"properties":{"id":{"type":"integer"},"name":{"type":"string"},"amount":{"type":"number","multipleOf":0.01,"maximum":99999999}}},"key_properties":["id"]}""";

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var (many, records) = (2_000 / less, 400_000 / less);
        Write(folder.File("few.singer"), 20, records);
        Write(folder.File("many.singer"), many, records);
        var few = await IngestAsync(folder, "few");
        var most = await IngestAsync(folder, "many");
        table.Memory(string.Create(CultureInfo.InvariantCulture, $"{many:n0} streams in turns, {records:n0} records: peak RSS"), most.PeakBytes, 300_000_000);
        table.Memory(string.Create(CultureInfo.InvariantCulture, $"growth from 20 streams to {many:n0}"), Math.Max(0, most.PeakBytes - few.PeakBytes), 100_000_000);
        table.Count(string.Create(CultureInfo.InvariantCulture, $"{many:n0} streams: open files at most (20 streams: {few.PeakFiles})"), most.PeakFiles, few.PeakFiles + 40);
        table.Below(string.Create(CultureInfo.InvariantCulture, $"{many:n0} streams: time (20 streams: {few.Seconds:0.0} s)"), most.Seconds, 120);
    }

    private static Task<Measured> IngestAsync(WorkFolder folder, string name) => Measured.RunAsync("pipe", ["ingest", "-", "--source", name, "--to", $"file://{folder.File("streams")}"], folder.File($"{name}.singer"));

    private static void Write(string path, int streams, int records)
    {
        using var messages = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        for (var i = 0; i < streams; i++)
            messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"SCHEMA\",\"stream\":\"s{i}\",{Columns[1..]}"));
        for (var i = 0; i < records; i++)
            messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"RECORD\",\"stream\":\"s{i % streams}\",\"record\":{{\"id\":{i},\"name\":\"name {i}\",\"amount\":{i % 1000}.25}}}}"));
        messages.WriteLine("""{"type":"STATE","value":{"n":1}}""");
    }
}
