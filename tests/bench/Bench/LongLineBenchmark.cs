using System.Globalization;
using System.Text;

namespace DataSpoc.Tests.Bench;

/// <summary>A tap that writes one line of 500 MB: refused by name where nothing is said of it, and taken in where the pipeline allows such lines.</summary>
internal static class LongLineBenchmark
{
    private const int Megabyte = 1_000_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var megabytes = 500 / less;
        Write(folder.File("long.singer"), megabytes);
        File.WriteAllText(folder.File("pipe.yaml"), $"bucket: file://{folder.File("long")}\n");
        Directory.CreateDirectory(folder.File("pipelines"));
        File.WriteAllText(folder.File("pipelines/refused.yaml"), $"source: {{tap: 'cat {folder.File("long.singer")}', name: refused}}\n");
        File.WriteAllText(folder.File("pipelines/taken.yaml"), $"source: {{tap: 'cat {folder.File("long.singer")}', name: taken, longest_line: 600MB}}\n");
        var project = Path.GetDirectoryName(folder.File("pipe.yaml"))!;
        if (megabytes > 64)
        {
            var refused = await Measured.EndsAsync(1, "pipe", ["ingest", "refused", "--project", project]);
            table.Memory(string.Create(CultureInfo.InvariantCulture, $"a line of {megabytes} MB, refused: peak RSS"), refused.PeakBytes, 300_000_000);
            table.Below("and its time", refused.Seconds, 10);
        }
        var taken = await Measured.RunAsync("pipe", ["ingest", "taken", "--project", project]);
        table.Memory(string.Create(CultureInfo.InvariantCulture, $"a line of {megabytes} MB, allowed: peak RSS"), taken.PeakBytes, (megabytes * 8L * Megabyte) + 300_000_000);
        table.Below("and its time", taken.Seconds, 60);
    }

    private static void Write(string path, int megabytes)
    {
        using var messages = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        messages.WriteLine("""{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"},"text":{"type":"string"}}},"key_properties":["id"]}""");
        messages.Write("""{"type":"RECORD","stream":"s","record":{"id":1,"text":" """.TrimEnd());
        var part = new string('x', Megabyte);
        for (var i = 0; i < megabytes; i++)
            messages.Write(part);
        messages.WriteLine("\"}}");
        messages.WriteLine("""{"type":"RECORD","stream":"s","record":{"id":2,"text":"short"}}""");
    }
}
