using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary><c>changes-2026-11-01.ndjson</c>: every single thing that was done on purpose that day, one JSON object per line.</summary>
internal sealed class ChangeFile : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly string _final;
    private readonly FileStream _file;

    public ChangeFile(string folder, DateOnly day)
    {
        _final = Path.Combine(folder, $"changes-{day:yyyy-MM-dd}.ndjson");
        _file = new(_final + ".part", FileMode.Create, FileAccess.Write);
    }

    public void Add(Change change)
    {
        JsonSerializer.Serialize(_file, change, Json);
        _file.WriteByte((byte)'\n');
    }

    public void Complete()
    {
        _file.Dispose();
        File.Move(_final + ".part", _final, overwrite: true);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_final + ".part");
    }
}
