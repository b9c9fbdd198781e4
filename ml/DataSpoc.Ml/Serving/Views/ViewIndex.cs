using DataSpoc.Ml.Data;
using DataSpoc.Ml.Features;

namespace DataSpoc.Ml.Serving.Views;

/// <summary>How a lookup ended.</summary>
internal enum LookupEnd
{
    /// <summary>There is a row.</summary>
    Found,

    /// <summary>Nothing was known of the entity at that moment.</summary>
    Unknown,

    /// <summary>What was known is older than the view's ttl.</summary>
    TooOld,
}

/// <summary>
/// A view's rows in memory, encoded as the model takes them: four bytes per feature, and about twenty for each row's moment and place. Finds the
/// newest row of an entity that is not later than a moment. Immutable.
/// </summary>
internal sealed class ViewIndex
{
    private readonly Dictionary<string, int> _entities;
    private readonly FloatTable _features;
    private readonly long[] _moments;
    private readonly int[] _rows;
    private readonly int[] _starts;
    private readonly long _ttl;

    /// <summary>Sorts the rows by entity and moment.</summary>
    /// <param name="view">The view.</param>
    /// <param name="input">Its table with the snapshot: <c>ml/features/customers@7</c>.</param>
    /// <param name="keys">The columns that name the entity, in the order of the keys' parts.</param>
    /// <param name="entities">Each entity's number, from 0 on.</param>
    /// <param name="features">The rows.</param>
    /// <param name="owners">Per row the number of its entity.</param>
    /// <param name="moments">Per row, in microseconds since 1970.</param>
    public ViewIndex(JoinedView view, string input, IReadOnlyList<EntityColumn> keys, Dictionary<string, int> entities, FloatTable features, int[] owners, long[] moments)
    {
        (View, Input, Keys, _entities, _features) = (view, input, keys, entities, features);
        _ttl = view.TtlSeconds is { } ttl ? (long)Math.Round(ttl * 1e6) : long.MaxValue;
        _rows = [.. Enumerable.Range(0, owners.Length)];
        var order = new (int Owner, long Moment)[owners.Length];
        for (var row = 0; row < order.Length; row++)
            order[row] = (owners[row], moments[row]);
        Array.Sort(order, _rows);
        _moments = Array.ConvertAll(order, o => o.Moment);
        _starts = new int[entities.Count + 1];
        foreach (var owner in owners)
            _starts[owner + 1]++;
        for (var entity = 0; entity < entities.Count; entity++)
            _starts[entity + 1] += _starts[entity];
    }

    /// <summary>The view.</summary>
    public JoinedView View { get; }

    /// <summary>Which snapshot of its table this is.</summary>
    public string Input { get; }

    /// <summary>The columns that name the entity.</summary>
    public IReadOnlyList<EntityColumn> Keys { get; }

    /// <summary>How many rows.</summary>
    public int Rows => _rows.Length;

    /// <summary>The parts of an entity's name as one key.</summary>
    public static string Key(IReadOnlyList<string> parts) => parts.Count == 1 ? parts[0] : string.Concat(parts.Select(part => $"{part.Length}:{part}"));

    /// <summary>What was known of an entity at a moment.</summary>
    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="moment">In microseconds since 1970.</param>
    /// <param name="features">The row's features.</param>
    public LookupEnd Find(string key, long moment, out ReadOnlySpan<float> features)
    {
        features = default;
        if (!_entities.TryGetValue(key, out var entity))
            return LookupEnd.Unknown;
        var (low, high) = (_starts[entity], _starts[entity + 1]);
        while (low < high)
            if (_moments[(low + high) / 2] <= moment)
                low = (low + high) / 2 + 1;
            else
                high = (low + high) / 2;
        if (low == _starts[entity])
            return LookupEnd.Unknown;
        if (moment - _moments[low - 1] > _ttl)
            return LookupEnd.TooOld;
        features = _features.Row(_rows[low - 1]);
        return LookupEnd.Found;
    }
}
