namespace DataSpoc.Contracts.DuckDb;

/// <summary>What kind of failure DuckDB reported; the numbers are those of its C API.</summary>
public enum DuckDbError
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A value is out of a type's range.</summary>
    OutOfRange = 1,

    /// <summary>A value cannot be converted.</summary>
    Conversion = 2,

    /// <summary>Something DuckDB does not do.</summary>
    NotImplemented = 11,

    /// <summary>A table, view or function is not there.</summary>
    Catalog = 13,

    /// <summary>Not SQL.</summary>
    Parser = 14,

    /// <summary>A constraint is violated.</summary>
    Constraint = 18,

    /// <summary>A column is not there, or types do not fit.</summary>
    Binder = 24,

    /// <summary>A file could not be read or written.</summary>
    Io = 28,

    /// <summary>Interrupted.</summary>
    Interrupt = 29,

    /// <summary>The database is not usable any more.</summary>
    Fatal = 30,

    /// <summary>A bug in DuckDB.</summary>
    Internal = 31,

    /// <summary>An argument is wrong.</summary>
    InvalidInput = 32,

    /// <summary>The memory limit is reached.</summary>
    OutOfMemory = 33,

    /// <summary>Refused by the connection's own settings .</summary>
    Permission = 34,
}

/// <summary>DuckDB refused or failed; the message is DuckDB's own, with its prefix ("Binder Error: …").</summary>
public sealed class DuckDbException : Exception
{
    /// <summary>A failure with its kind.</summary>
    public DuckDbException(string message, DuckDbError error, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>What kind of failure.</summary>
    public DuckDbError Error { get; }

    /// <summary>The kind from the prefix of a message, for the calls that report only a message.</summary>
    internal static DuckDbError KindOf(string message) => message switch
    {
        _ when message.StartsWith("Parser Error", StringComparison.Ordinal) || message.StartsWith("Syntax Error", StringComparison.Ordinal) => DuckDbError.Parser,
        _ when message.StartsWith("Binder Error", StringComparison.Ordinal) => DuckDbError.Binder,
        _ when message.StartsWith("Catalog Error", StringComparison.Ordinal) => DuckDbError.Catalog,
        _ when message.StartsWith("IO Error", StringComparison.Ordinal) => DuckDbError.Io,
        _ when message.StartsWith("Constraint Error", StringComparison.Ordinal) => DuckDbError.Constraint,
        _ when message.StartsWith("Conversion Error", StringComparison.Ordinal) => DuckDbError.Conversion,
        _ when message.StartsWith("Invalid Input Error", StringComparison.Ordinal) => DuckDbError.InvalidInput,
        _ when message.StartsWith("Permission Error", StringComparison.Ordinal) => DuckDbError.Permission,
        _ when message.StartsWith("Not implemented Error", StringComparison.Ordinal) => DuckDbError.NotImplemented,
        _ when message.StartsWith("Out of Memory Error", StringComparison.Ordinal) => DuckDbError.OutOfMemory,
        _ when message.StartsWith("Out of Range Error", StringComparison.Ordinal) => DuckDbError.OutOfRange,
        _ when message.StartsWith("INTERRUPT Error", StringComparison.Ordinal) => DuckDbError.Interrupt,
        _ when message.StartsWith("INTERNAL Error", StringComparison.Ordinal) => DuckDbError.Internal,
        _ when message.StartsWith("FATAL Error", StringComparison.Ordinal) => DuckDbError.Fatal,
        _ => DuckDbError.Unknown,
    };
}
