using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Sinks;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>
/// <c>mock.json</c> of a folder of mock data: which network it is, and which days were simulated with it, so that <c>simulate</c> goes on. A database has the same (<see cref="PostgresState"/>).
/// </summary>
internal sealed record MockFolder
{
    private const string FileName = "mock.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Of a folder's files; null in a database.</summary>
    public required MockFormat? Format { get; init; }

    public required long Seed { get; init; }

    public required long Parcels { get; init; }

    public required int Days { get; init; }

    /// <summary>The day after the last of the base.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>The first one first.</summary>
    public IReadOnlyList<SimulatedDay> Simulated { get; init; } = [];

    [JsonIgnore]
    public NetworkPlan Plan => new(Seed, Parcels, Days, Until);

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    public static MockFolder Of(NetworkPlan plan, MockFormat? format) => new() { Format = format, Seed = plan.Seed, Parcels = plan.Parcels, Days = plan.Days, Until = plan.Until };

    /// <exception cref="UserError">It is not there, or not one that <c>platform mock</c> wrote (<see cref="ExitCode.Usage"/>).</exception>
    public static MockFolder Read(string folder)
    {
        var path = PathIn(folder);
        try
        {
            var read = JsonSerializer.Deserialize<MockFolder>(File.ReadAllBytes(path), Json);
            return read is { Format: not null } && read.IsSound() ? read : throw Broken(path, null);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserError("there is no mock data to go on with", missing) { Where = [("missing", path)], Hint = $"platform mock --out {folder}", ExitCode = ExitCode.Usage };
        }
        catch (JsonException broken)
        {
            throw Broken(path, broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the mock data cannot be read: {unreadable.Message}", unreadable) { Where = [("file", path)], ExitCode = ExitCode.Usage };
        }
    }

    /// <summary>Reads what <see cref="ToText"/> gave; null where it is something else.</summary>
    public static MockFolder? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<MockFolder>(text, Json) is { } read && read.IsSound() ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, Json);

    /// <summary>With one more day.</summary>
    public MockFolder With(DateOnly day, DayRates rates, ChangeLog log) => this with
    {
        Simulated =
        [
            .. Simulated,
            new(day, rates, log.Rows.GroupBy(static r => r.Key.Kind.Name()).ToDictionary(static g => g.Key, static IReadOnlyDictionary<string, long> (g) => g.ToDictionary(static r => r.Key.Table, static r => r.Value))),
        ],
    };

    /// <summary>Replaces the file at once.</summary>
    public void Write(string folder)
    {
        var path = PathIn(folder);
        File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Deletes the files of simulated days that an older <c>mock.json</c> tells of: they go on from another base.</summary>
    public static void DeleteSimulated(string folder)
    {
        if (!File.Exists(PathIn(folder)))
            return;
        foreach (var file in Directory.EnumerateFiles(folder).Where(static f => Regex.IsMatch(Path.GetFileName(f), @"\A(changes|customers|parcels|deliveries|occupancy)-\d{4}-\d\d-\d\d\.(csv|ndjson|parquet)\z", RegexOptions.CultureInvariant)))
            File.Delete(file);
        File.Delete(PathIn(folder));
    }

    private bool IsSound() =>
        Parcels is >= 1 and <= 100_000_000_000 && Days is >= 1 and <= 3650 && Until.Year is >= 1990 and <= 2200 && Simulated.Count <= 3650
        && Simulated.Select((day, i) => day.Day == Until.AddDays(i) && day.Rates is { Late: >= 0 and <= 1, Corrections: >= 0 and <= 1, Dirty: >= 0 and <= 1, Columns: >= 0 }).All(static sound => sound);

    private static UserError Broken(string path, Exception? why) =>
        new("this is not a file that `platform mock` wrote", why) { Where = [("file", path)], Hint = "make the mock data anew: platform mock --out …", ExitCode = ExitCode.Usage };
}

/// <summary>A simulated day of a folder.</summary>
/// <param name="Day">Its date.</param>
/// <param name="Rates">What went wrong on purpose.</param>
/// <param name="Rows">How many rows (columns for <c>new_column</c>) of each kind were written, per table.</param>
internal sealed record SimulatedDay(DateOnly Day, DayRates Rates, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Rows);
