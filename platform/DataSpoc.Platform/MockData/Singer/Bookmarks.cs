using System.Globalization;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>The last day of each stream that was handed over, as Singer's STATE keeps it: <c>{"bookmarks":{"parcels":{"day":"2026-11-01","network":"…"}}}</c>.</summary>
internal sealed class Bookmarks(NetworkPlan plan)
{
    private readonly Dictionary<string, DateOnly> _days = [];

    /// <exception cref="UserError">It is not one that this tap wrote, or of another network (<see cref="ExitCode.Usage"/>).</exception>
    public static Bookmarks Read(JsonObject state, NetworkPlan plan, string path)
    {
        var bookmarks = new Bookmarks(plan);
        if (state["bookmarks"] is null)
            return state.Count == 0 ? bookmarks : throw Wrong("the state is not one that this tap wrote", path, "leave `--state` out to start anew");
        if (state["bookmarks"] is not JsonObject streams)
            throw Wrong("the state is not one that this tap wrote", path, "leave `--state` out to start anew");
        foreach (var (stream, value) in streams)
        {
            if (MockTables.All.All(t => t.Name != stream) || value is not JsonObject bookmark
                || !DateOnly.TryParseExact(TapFile.Text(bookmark["day"]), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                throw Wrong($"the state is not one that this tap wrote: its bookmark of `{stream}`", path, """a bookmark is {"day":"2026-11-01","network":"…"}; leave `--state` out to start anew""");
            }
            if (TapFile.Text(bookmark["network"]) is not { } network || network != plan.ToString())
                throw Wrong($"the state is of another network: {TapFile.Text(bookmark["network"]) ?? "none"}", path, $"this one is {plan}; give the configuration it was written with, or leave `--state` out to start anew");
            bookmarks._days[stream] = day;
        }
        return bookmarks;
    }

    /// <summary>Whether a stream has been handed over up to the end of a day.</summary>
    public bool Has(string stream, DateOnly day) => _days.TryGetValue(stream, out var last) && last >= day;

    /// <summary>A stream is handed over up to the end of a day.</summary>
    public void Reach(string stream, DateOnly day)
    {
        if (!Has(stream, day))
            _days[stream] = day;
    }

    /// <summary>The value of a STATE message.</summary>
    public JsonObject ToState()
    {
        var bookmarks = new JsonObject();
        foreach (var (stream, day) in _days.OrderBy(static d => d.Key, StringComparer.Ordinal))
            bookmarks[stream] = new JsonObject { ["day"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["network"] = plan.ToString() };
        return new() { ["bookmarks"] = bookmarks };
    }

    private static UserError Wrong(string what, string path, string hint) => new(what) { Where = [("file", path)], Hint = hint, ExitCode = ExitCode.Usage };
}
