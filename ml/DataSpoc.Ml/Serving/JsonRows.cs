using System.Globalization;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Serving.Views;

namespace DataSpoc.Ml.Serving;

/// <summary>A row that a model cannot take: which, and each thing that is wrong with it.</summary>
internal sealed class JsonRowException(int row, IReadOnlyList<string> faults) : Exception(string.Join("; ", faults))
{
    /// <summary>From 0 on.</summary>
    public int Row { get; } = row;

    /// <summary>Each column that does not fit.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>
/// Turns rows given as JSON objects into features, by the same encoders as tables. A column that is left out or null is missing; a column the
/// model does not know, or a value of another type, is a fault.
/// </summary>
internal sealed class JsonRows
{
    private readonly FeaturesDocument _features;
    private readonly Dictionary<string, int> _positions;
    private readonly Func<byte[], float[]>?[] _texts;
    private readonly HashSet<string> _ignored;
    private readonly Dictionary<string, string> _lookedUp;

    /// <summary>For a model.</summary>
    public JsonRows(FeaturesDocument features)
    {
        _features = features;
        _positions = features.Columns.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
        // what the table had besides may be sent along
        _ignored = [.. features.LeftOut.Select(c => c.Column), .. features.Keys, features.Target.Column];
        _lookedUp = features.Columns.Concat(features.LeftOut.Select(c => new PreparedColumn(c.Column, "", default, []))).Where(c => ServedViews.Owner(features.Views, c.Name) is not null)
            .ToDictionary(c => c.Name, c => features.Views!.Views[ServedViews.Owner(features.Views, c.Name)!.Value].Name, StringComparer.Ordinal);
        _texts = [.. features.Columns.Select(c => c.Kind == ColumnKind.Category ? FeatureWriter.TextEncoder(c) : null)];
        Width = features.Columns.Sum(c => c.Features.Count);
    }

    /// <summary>Features per row.</summary>
    public int Width { get; }

    /// <summary>Encodes one row.</summary>
    /// <param name="json">An object.</param>
    /// <param name="row">Its position, for messages.</param>
    /// <param name="destination"><see cref="Width"/> features.</param>
    /// <param name="views">The model's feature views; null where it has none.</param>
    /// <param name="now">The moment of a row that has none.</param>
    /// <returns>The views that know nothing of the row, by position; null where all do.</returns>
    /// <exception cref="JsonRowException">It does not fit.</exception>
    public IReadOnlyList<int>? Encode(JsonElement json, int row, Span<float> destination, ServedViews? views = null, DateTimeOffset now = default)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new JsonRowException(row, [$"a row is an object, not {Described(json)}"]);
        destination.Fill(float.NaN);
        var faults = new List<string>();
        var values = new JsonElement?[_features.Columns.Count];
        var asked = new JsonElement?[views?.Asked.Count ?? 0];
        foreach (var member in json.EnumerateObject())
        {
            var place = views?.Position(member.Name) ?? -1;
            if (place >= 0)
                asked[place] = member.Value;
            if (_lookedUp.TryGetValue(member.Name, out var view))
                Fault(faults, $"`{Short(member.Name)}` is looked up in view `{view}`: send {string.Join(", ", _features.Views!.Views.First(v => v.Name == view).Entity.Select(e => $"`{e}`"))}");
            else if (_positions.TryGetValue(member.Name, out var position))
                values[position] = member.Value;
            else if (place < 0 && !_ignored.Contains(member.Name))
                Fault(faults, $"`{Short(member.Name)}` is not a column of the model" + (NearestName.Of(member.Name, _positions.Keys) is { } near ? $"; did you mean `{near}`?" : ""));
        }
        var feature = 0;
        for (var c = 0; c < values.Length; c++)
        {
            var column = _features.Columns[c];
            var of = destination.Slice(feature, column.Features.Count);
            feature += column.Features.Count;
            if (values[c] is { ValueKind: not JsonValueKind.Null } value && !Write(column, c, value, of))
                Fault(faults, $"`{column.Name}` is {Described(value)}, not {Expected(column)}");
        }
        var missing = views is null ? null : LookUp(views, asked, now, destination, faults);
        return faults.Count == 0 ? missing : throw new JsonRowException(row, faults);
    }

    // a row without a moment is one of now, also where the moment itself is a feature; a moment that is null is none, as in a table
    private IReadOnlyList<int>? LookUp(ServedViews views, JsonElement?[] asked, DateTimeOffset now, Span<float> destination, List<string> faults)
    {
        var place = views.Position(views.Time);
        long? moment;
        if (asked[place] is not { } sent)
        {
            moment = Micros(now);
            var feature = 0;
            foreach (var column in _features.Columns)
            {
                if (column.Name == views.Time)
                    Write(column, moment.Value, destination[feature..]);
                feature += column.Features.Count;
            }
        }
        else if ((moment = Microseconds(sent)) is null && sent.ValueKind != JsonValueKind.Null && !_positions.ContainsKey(views.Time))
            Fault(faults, $"`{views.Time}` is {Described(sent)}, not a time such as \"2026-01-31T12:00:00Z\"");
        for (var i = 0; i < asked.Length; i++)
            if (asked[i] is { ValueKind: JsonValueKind.Null })
                asked[i] = null;
        return views.Write(asked, moment, destination, faults);
    }

    private static void Fault(List<string> faults, string fault)
    {
        if (faults.Count < 20)
            faults.Add(fault);
    }

    private bool Write(PreparedColumn column, int position, JsonElement value, Span<float> destination)
    {
        switch (column.Kind)
        {
            case ColumnKind.Number or ColumnKind.Duration:
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number))
                    return false;
                destination[0] = float.IsInfinity((float)number) ? float.NaN : (float)number;
                return true;
            case ColumnKind.Flag:
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    return false;
                destination[0] = value.GetBoolean() ? 1 : 0;
                return true;
            case ColumnKind.Category:
                if (value.ValueKind != JsonValueKind.String)
                    return false;
                _texts[position]!(Encoding.UTF8.GetBytes(value.GetString()!)).CopyTo(destination);
                return true;
            default:
                return Moment(column, value, destination);
        }
    }

    private static bool Moment(PreparedColumn column, JsonElement value, Span<float> destination)
    {
        if (Microseconds(value) is not { } microseconds)
            return false;
        Write(column, microseconds, destination);
        return true;
    }

    private static void Write(PreparedColumn column, long microseconds, Span<float> destination)
    {
        for (var part = 0; part < column.Parts.Count; part++)
            destination[part] = MomentEncoding.Encode(microseconds, column.Parts[part]);
    }

    /// <summary>A moment as microseconds since 1970.</summary>
    public static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A time as microseconds since 1970 in UTC; null where it is none.</summary>
    public static long? Microseconds(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? Micros(time) : null;

    private static string Expected(PreparedColumn column) => column.Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.Duration => "a number of seconds",
        ColumnKind.Flag => "true or false",
        ColumnKind.Category => "a text",
        _ => "a time such as \"2026-01-31T12:00:00Z\"",
    };

    /// <summary>A value in words.</summary>
    public static string Described(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the text \"{Short(value.GetString()!)}\"",
        JsonValueKind.Number => $"the number {Short(value.GetRawText())}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
