using System.Globalization;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;

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

    /// <summary>For a model.</summary>
    public JsonRows(FeaturesDocument features)
    {
        _features = features;
        _positions = features.Columns.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
        // what the table had besides may be sent along
        _ignored = [.. features.LeftOut.Select(c => c.Column), .. features.Keys, features.Target.Column];
        _texts = [.. features.Columns.Select(c => c.Kind == ColumnKind.Category ? FeatureWriter.TextEncoder(c) : null)];
        Width = features.Columns.Sum(c => c.Features.Count);
    }

    /// <summary>Features per row.</summary>
    public int Width { get; }

    /// <summary>Encodes one row.</summary>
    /// <param name="json">An object.</param>
    /// <param name="row">Its position, for messages.</param>
    /// <param name="destination"><see cref="Width"/> features.</param>
    /// <exception cref="JsonRowException">It does not fit.</exception>
    public void Encode(JsonElement json, int row, Span<float> destination)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new JsonRowException(row, [$"a row is an object, not {Described(json)}"]);
        destination.Fill(float.NaN);
        var faults = new List<string>();
        var values = new JsonElement?[_features.Columns.Count];
        foreach (var member in json.EnumerateObject())
            if (_positions.TryGetValue(member.Name, out var position))
                values[position] = member.Value;
            else if (!_ignored.Contains(member.Name) && faults.Count < 20)
                faults.Add($"`{Short(member.Name)}` is not a column of the model" + (NearestName.Of(member.Name, _positions.Keys) is { } near ? $"; did you mean `{near}`?" : ""));
        var feature = 0;
        for (var c = 0; c < values.Length; c++)
        {
            var column = _features.Columns[c];
            var of = destination.Slice(feature, column.Features.Count);
            feature += column.Features.Count;
            if (values[c] is { ValueKind: not JsonValueKind.Null } value && !Write(column, c, value, of) && faults.Count < 20)
                faults.Add($"`{column.Name}` is {Described(value)}, not {Expected(column)}");
        }
        if (faults.Count > 0)
            throw new JsonRowException(row, faults);
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
        for (var part = 0; part < column.Parts.Count; part++)
            destination[part] = MomentEncoding.Encode(microseconds, column.Parts[part]);
        return true;
    }

    /// <summary>A time as microseconds since 1970 in UTC; null where it is none.</summary>
    public static long? Microseconds(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : null;

    private static string Expected(PreparedColumn column) => column.Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.Duration => "a number of seconds",
        ColumnKind.Flag => "true or false",
        ColumnKind.Category => "a text",
        _ => "a time such as \"2026-01-31T12:00:00Z\"",
    };

    private static string Described(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the text \"{Short(value.GetString()!)}\"",
        JsonValueKind.Number => $"the number {Short(value.GetRawText())}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
