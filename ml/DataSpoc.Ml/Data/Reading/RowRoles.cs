namespace DataSpoc.Ml.Data.Reading;

/// <summary>The columns that say something about rows as such; each null where there is none.</summary>
/// <param name="Time">Rows follow each other by it.</param>
/// <param name="Group">Rows of one value belong together.</param>
/// <param name="Weight">How much a row counts in training.</param>
internal sealed record RowRoles(string? Time = null, string? Group = null, string? Weight = null)
{
    /// <summary>The columns that are no features because of their role, and why. The time column may be one.</summary>
    public IReadOnlyDictionary<string, string> LeftOut
    {
        get
        {
            var columns = new Dictionary<string, string>(StringComparer.Ordinal);
            if (Group is not null)
                columns[Group] = "it groups the rows";
            if (Weight is not null)
                columns[Weight] = "it weighs the rows";
            return columns;
        }
    }
}
