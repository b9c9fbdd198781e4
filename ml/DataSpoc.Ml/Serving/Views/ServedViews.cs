using System.Text.Json;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Serving.Views;

/// <summary>A column that a row may have for the sake of views.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">In DuckDB's SQL spelling.</param>
internal sealed record AskedColumn(string Name, string Type);

/// <summary>
/// The feature views of a served model: gives a row what was known of its entities at its moment, as the point-in-time join gives it to the rows of a
/// table. Immutable; a view that was materialised again is a new one.
/// </summary>
internal sealed class ServedViews
{
    private readonly (int View, int From, int To, int Width)[] _places;

    /// <summary>For a model.</summary>
    /// <param name="features">The model's.</param>
    /// <param name="indices">A view each, in the order of the model's.</param>
    public ServedViews(FeaturesDocument features, IReadOnlyList<ViewIndex> indices)
    {
        Time = features.Views!.Time;
        Indices = indices;
        var from = new int[indices.Count];
        var places = new List<(int, int, int, int)>();
        var to = 0;
        foreach (var column in features.Columns)
        {
            if (Owner(features.Views, column.Name) is { } view)
            {
                places.Add((view, from[view], to, column.Features.Count));
                from[view] += column.Features.Count;
            }
            to += column.Features.Count;
        }
        _places = [.. places];
        Asked = [.. indices.SelectMany(i => i.Keys).Select(k => new AskedColumn(k.Name, k.Type)).Append(new(Time, "TIMESTAMP WITH TIME ZONE")).DistinctBy(c => c.Name)];
    }

    /// <summary>The column with a row's moment.</summary>
    public string Time { get; }

    /// <summary>The views.</summary>
    public IReadOnlyList<ViewIndex> Indices { get; }

    /// <summary>The columns that a row is to have: the entities, and the moment.</summary>
    public IReadOnlyList<AskedColumn> Asked { get; }

    /// <summary>Which view of a model a column comes from; null where it is the table's own.</summary>
    public static int? Owner(JoinedViews? joined, string column)
    {
        int? owner = null;
        for (var view = 0; view < (joined?.Views.Count ?? 0); view++)
            if (column.StartsWith(joined!.Views[view].Column(""), StringComparison.Ordinal) && (owner is not { } other || joined.Views[other].Name.Length < joined.Views[view].Name.Length))
                owner = view;
        return owner;
    }

    /// <summary>Writes what the views know of a row into its features, which are all missing before.</summary>
    /// <param name="sent">The row's value of an asked column, by its position; null where it was not sent or is null.</param>
    /// <param name="moment">The row's moment in microseconds since 1970; null where it has none, and so knows nothing.</param>
    /// <param name="destination">The row's features.</param>
    /// <param name="faults">Told of values of the wrong kind.</param>
    /// <returns>The views that know nothing of it; null where all do.</returns>
    public IReadOnlyList<int>? Write(IReadOnlyList<JsonElement?> sent, long? moment, Span<float> destination, List<string> faults)
    {
        List<int>? missing = null;
        for (var i = 0; i < Indices.Count; i++)
        {
            if (Key(Indices[i], sent, faults) is { } key && moment is { } at && Indices[i].Find(key, at, out var features) == LookupEnd.Found)
            {
                foreach (var (view, from, to, width) in _places)
                    if (view == i)
                        features.Slice(from, width).CopyTo(destination[to..]);
            }
            else
                (missing ??= []).Add(i);
        }
        return missing;
    }

    private string? Key(ViewIndex index, IReadOnlyList<JsonElement?> sent, List<string> faults)
    {
        var parts = new string[index.Keys.Count];
        for (var part = 0; part < parts.Length; part++)
        {
            if (sent[Position(index.Keys[part].Name)] is not { } value)
                return null;
            if (index.Keys[part].Of(value) is not { } text)
            {
                faults.Add($"`{index.Keys[part].Name}` is {JsonRows.Described(value)}, not {index.Keys[part].Expected}");
                return null;
            }
            parts[part] = text;
        }
        return ViewIndex.Key(parts);
    }

    /// <summary>The position of an asked column; -1 where it is none.</summary>
    public int Position(string name)
    {
        for (var i = 0; i < Asked.Count; i++)
            if (Asked[i].Name == name)
                return i;
        return -1;
    }
}
