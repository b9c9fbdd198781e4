using System.Globalization;
using System.Text.RegularExpressions;
using DataSpoc.Ml.Data.Profiling;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>Decides from the profiles of a table's columns what the model uses and how. Pure.</summary>
internal static partial class PreparationPlanner
{
    /// <summary>Text of more different values than this, most of them seen once, is no category.</summary>
    private const int TextFromDistinct = 100;

    private const double TextFromShare = 0.5;

    /// <summary>Words per value, on average, from which on a text is used by its words, and up to which.</summary>
    private const double LeastWords = 1.5, MostWords = 50;

    private const int WordPlaces = 32;

    /// <summary>More classes than this would make too many statistics of a column.</summary>
    private const int MostClassesOfStatistics = 10;

    /// <summary>Decides.</summary>
    /// <param name="columns">Every column but the target, in the table's order.</param>
    /// <param name="choices">What the user and the table say about columns.</param>
    public static TablePreparation Plan(IReadOnlyList<ColumnProfile> columns, ColumnChoices choices)
    {
        var used = new List<PreparedColumn>();
        var leftOut = new List<LeftOutColumn>();
        var names = new FeatureNames();
        foreach (var column in columns)
        {
            if (WhyNot(column, choices) is { } why)
                leftOut.Add(new(column.Name, why.Reason, why.Detail));
            else
                used.Add(Prepare(column, names, choices));
        }
        return new(used, leftOut);
    }

    private static (LeftOutReason Reason, string Detail)? WhyNot(ColumnProfile column, ColumnChoices choices)
    {
        if (choices.Excluded.Contains(column.Name))
            return (LeftOutReason.Excluded, "excluded");
        if (column.Kind == ColumnKind.Unusable)
            return (LeftOutReason.Type, $"type {column.Type} has no features yet");
        if (column.Present == 0)
            return (LeftOutReason.Empty, "no value at all");
        if (column.OneValue && column.Missing == 0)
            return (LeftOutReason.Constant, "one value only");
        if (column.Kind == ColumnKind.Key)
            return (LeftOutReason.Identifier, $"type {column.Type}");
        if (choices.Roles.TryGetValue(column.Name, out var role))
            return (LeftOutReason.Role, role);
        if (choices.Kept.Contains(column.Name))
            return null;
        if (choices.PartitionColumns.Contains(column.Name))
            return (LeftOutReason.Partition, "the day a row was loaded, not a property of it");
        if (column.Name.StartsWith("_sdc_", StringComparison.Ordinal) || column.Name.StartsWith("_dataspoc_", StringComparison.Ordinal))
            return (LeftOutReason.Bookkeeping, "written by the extraction about itself");
        // delivered_at of parcels that are still on their way: what is written together with the target cannot foretell it
        if (column.OnlyWithTarget && column.Present > column.Missing)
            return (LeftOutReason.Leak, "empty in every row without a target, so it is known only afterwards");
        if (column.LaterThanRow)
            return (LeftOutReason.Leak, $"mostly later than `{choices.TimeColumn}`, so it is known only afterwards");
        return WhyNoProperty(column, choices);
    }

    private static (LeftOutReason Reason, string Detail)? WhyNoProperty(ColumnProfile column, ColumnChoices choices)
    {
        if (choices.KeyColumns is [var key] && key == column.Name)
            return (LeftOutReason.Identifier, "the table's primary key");
        if (column.Kind == ColumnKind.Category)
        {
            if (IsText(column) && column.Words is >= LeastWords and <= MostWords)
                return null;
            if (column.AllDiffer)
                return (LeftOutReason.Identifier, "every value differs");
            if (IsText(column))
                return (LeftOutReason.Text, string.Create(CultureInfo.InvariantCulture, $"{100.0 * Math.Min(column.Distinct, column.Present) / column.Present:0} % of the values differ"));
            return null;
        }
        if (column.AllDiffer && ColumnKinds.IsInteger(column.Type) && NamedLikeKey().IsMatch(column.Name))
            return (LeftOutReason.Identifier, "named like a key, and every value differs");
        return null;
    }

    private static bool IsText(ColumnProfile column) => column.Distinct > TextFromDistinct && column.Distinct > column.Present * TextFromShare;

    private static PreparedColumn Prepare(ColumnProfile column, FeatureNames names, ColumnChoices choices)
    {
        if (column.Kind == ColumnKind.Moment)
        {
            MomentPart[] parts =
            [
                // how late the row is says nothing about rows that are later than all of them
                .. column.Name == choices.TimeColumn ? Array.Empty<MomentPart>() : [MomentPart.Days],
                MomentPart.Month, MomentPart.Day, MomentPart.Weekday,
                .. column.TimeOfDay ? [MomentPart.Hour] : Array.Empty<MomentPart>(),
            ];
            return new(column.Name, column.Type, column.Kind, [.. parts.Select(p => names.Make(column.Name, p.ToString().ToLowerInvariant()))]) { Parts = parts };
        }
        if (column.Kind == ColumnKind.Category && IsText(column) && column.Words is >= LeastWords and <= MostWords)
            return new(column.Name, column.Type, column.Kind,
                [.. Enumerable.Range(0, WordPlaces).Select(place => names.Make(column.Name, string.Create(CultureInfo.InvariantCulture, $"w{place}"))), names.Make(column.Name, "words")]) { Use = TextUse.Words };
        if (column.Kind == ColumnKind.Category && column.MoreCategories && choices.Classes <= MostClassesOfStatistics)
        {
            string[] figures = choices.Classes > 2 ? [.. Enumerable.Range(0, choices.Classes).Select(c => string.Create(CultureInfo.InvariantCulture, $"class{c}"))] : ["mean"];
            return new(column.Name, column.Type, column.Kind, [.. figures.Select(figure => names.Make(column.Name, figure)), names.Make(column.Name, "rows")]) { Use = TextUse.Statistics };
        }
        return new(column.Name, column.Type, column.Kind, [names.Make(column.Name)])
        {
            Categories = column.Kind == ColumnKind.Category ? column.Categories : [],
            Others = column.MoreCategories,
        };
    }

    // id, parcel_id, parcelId, id_parcel, customer_key, invoice_no, row_number, uuid, pk, code
    [GeneratedRegex(@"(^|_|\b)(id|key|pk|uuid|guid|no|nr|num|number|code|ref|reference|index|row)$|^(id|pk|row)(_|\b)|[a-z](Id|ID|Key|No|Number)$", RegexOptions.CultureInvariant)]
    private static partial Regex NamedLikeKey();
}

/// <summary>What the user and the table say about columns.</summary>
internal sealed record ColumnChoices
{
    /// <summary>Not to be used.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    /// <summary>To be used even where a rule would leave them out.</summary>
    public IReadOnlySet<string> Kept { get; init; } = new HashSet<string>();

    /// <summary>The table's partition columns.</summary>
    public IReadOnlySet<string> PartitionColumns { get; init; } = new HashSet<string>();

    /// <summary>Columns that order, group or weigh the rows, and what they do.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>The column by which rows follow each other; null where there is none.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Classes of the target; 0 for a number.</summary>
    public int Classes { get; init; }

    /// <summary>The table's primary key.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];
}
