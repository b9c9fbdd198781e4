using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Changes;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>The tap's configuration file.</summary>
/// <param name="Plan">Which network; what it leaves out has the defaults of the options.</param>
/// <param name="SimulateDays">Days after the base, 0 or more.</param>
/// <param name="Mishaps">What goes wrong on those.</param>
/// <param name="StartDate">Parcels before this day are left out, or null.</param>
internal sealed record TapSettings(PlanSettings Plan, int SimulateDays, Mishaps Mishaps, DateOnly? StartDate)
{
    private static readonly string[] Keys = ["rows", "scale", "seed", "days", "until", "simulate_days", "late", "corrections", "dirty", "new_column_every", "start_date"];

    /// <summary>Without a file.</summary>
    public static TapSettings None { get; } = new(new(), 0, Mishaps.Usual, null);

    /// <exception cref="UserError">A key or a value is wrong (<see cref="ExitCode.Usage"/>).</exception>
    public static TapSettings Of(JsonObject config, string path)
    {
        foreach (var (key, _) in config)
        {
            if (!Keys.Contains(key))
                throw Wrong($"`{key}` is no key of the configuration", path, NearestName.Of(key, Keys) is { } near ? $"is it `{near}`?" : $"there are {string.Join(", ", Keys)}");
        }
        var usual = Mishaps.Usual;
        var days = (int)(Whole(config, "simulate_days", path) ?? 0);
        if (days is < 0 or > 3650)
            throw Wrong($"`simulate_days` {days} is not from 0 to 3650", path, null);
        return new(
            new() { Rows = Whole(config, "rows", path), Scale = Number(config, "scale", path), Seed = Whole(config, "seed", path), Days = (int?)Whole(config, "days", path), Until = Text(config, "until", path) },
            days,
            new Mishaps(Number(config, "late", path) ?? usual.Late, Number(config, "corrections", path) ?? usual.Corrections, Number(config, "dirty", path) ?? usual.Dirty, (int)(Whole(config, "new_column_every", path) ?? usual.NewColumnEvery)).Checked(""),
            Text(config, "start_date", path) is { } start ? Day(start, path) : null);
    }

    private static long? Whole(JsonObject config, string key, string path) => config[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<long>(out var number) && Math.Abs((decimal)number) <= (key is "days" or "simulate_days" or "new_column_every" ? int.MaxValue : long.MaxValue) => number,
        // people who fill in templates write numbers as texts
        JsonValue value when value.TryGetValue<string>(out var text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Wrong($"`{key}` takes a whole number, not {other.ToJsonString()}", path, null),
    };

    private static double? Number(JsonObject config, string key, string path) => config[key] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) => number,
        JsonValue value when value.TryGetValue<string>(out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Wrong($"`{key}` takes a number, not {other.ToJsonString()}", path, null),
    };

    private static string? Text(JsonObject config, string key, string path) =>
        config[key] is null ? null : TapFile.Text(config[key]) ?? throw Wrong($"`{key}` takes a text, not {config[key]!.ToJsonString()}", path, null);

    private static DateOnly Day(string text, string path) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? DateOnly.FromDateTime(time.UtcDateTime) : throw Wrong($"`start_date` {text} is not a date", path, "write 2026-01-31");

    private static UserError Wrong(string what, string path, string? hint) => new(what) { Where = [("file", path)], Hint = hint, ExitCode = ExitCode.Usage };
}
