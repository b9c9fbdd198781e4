namespace DataSpoc.Pipe.Sources;

/// <summary>What becomes of a value that its column's type cannot hold: a date outside the years 0001 to 9999, infinity, NaN as a decimal, too many digits.</summary>
internal enum OutOfRange
{
    /// <summary>The stream fails, and the value is named.</summary>
    Error,

    /// <summary>It becomes NULL.</summary>
    Null,

    /// <summary>It becomes the nearest value that the type has; NULL where none is near (NaN).</summary>
    Max,
}
