using DataSpoc.Ml.Data;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Serving.Views;

namespace DataSpoc.Ml.Serving;

/// <summary>A column of the log of requests.</summary>
/// <param name="Name">As in the rows.</param>
/// <param name="Kind">What kind of values.</param>
/// <param name="Type">As what it is read from JSON.</param>
internal sealed record LoggedColumn(string Name, ColumnKind Kind, string Type);

/// <summary>
/// What of a version's rows is logged: the columns that are sent. Of feature views these are the entities and the moment: whoever reads the log joins the
/// views to it as to any table.
/// </summary>
internal sealed class LoggedColumns(FeaturesDocument features, ServedViews? views)
{
    /// <summary>Of the version.</summary>
    public FeaturesDocument Features => features;

    /// <summary>The column whose value is the moment of the answer where it was not sent; null without views.</summary>
    public string? Time => views?.Time;

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<LoggedColumn> Columns { get; } =
    [
        .. features.Columns.Where(c => views is null || ServedViews.Owner(features.Views, c.Name) is null).Select(c => new LoggedColumn(c.Name, c.Kind, Read(c.Kind)))
            .Concat((views?.Asked ?? []).Select(a => new LoggedColumn(a.Name, ColumnKinds.Of(a.Type), ColumnKinds.Of(a.Type) switch
            {
                ColumnKind.Number or ColumnKind.Key => a.Type,
                var kind => Read(kind),
            })))
            .DistinctBy(c => c.Name),
    ];

    private static string Read(ColumnKind kind) => kind switch
    {
        ColumnKind.Flag => "BOOLEAN",
        ColumnKind.Category => "VARCHAR",
        ColumnKind.Moment => "BIGINT",
        _ => "DOUBLE",
    };
}
