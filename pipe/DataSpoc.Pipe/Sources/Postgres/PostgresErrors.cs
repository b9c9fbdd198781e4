using System.Net.Sockets;
using System.Security.Authentication;
using DataSpoc.Contracts;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>What goes wrong between us and a server, in words for people.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an exception is one of a connection, and not of us.</summary>
    public static bool IsOne(Exception exception) => exception is NpgsqlException or IOException or SocketException or TimeoutException or AuthenticationException;

    /// <summary>Whether the connection itself is fine: what was asked was refused.</summary>
    public static bool IsOfStatement(Exception exception) => exception is PostgresException { SqlState: not null } refused && !refused.SqlState.StartsWith("57P", StringComparison.Ordinal) && !refused.SqlState.StartsWith("08", StringComparison.Ordinal);

    /// <summary>While connecting.</summary>
    public static UserError Connecting(Exception exception, string where) => exception switch
    {
        PostgresException { SqlState: "28P01" or "28000" } refused => Error($"PostgreSQL refuses the user: {refused.MessageText}", where, "give the password by PGPASSWORD, and check user and pg_hba.conf", refused),
        PostgresException { SqlState: "3D000" } refused => Error($"PostgreSQL says: {refused.MessageText}", where, "name the database at the end of the address: postgres://host/database", refused),
        PostgresException refused => Error($"PostgreSQL refuses the connection: {refused.MessageText}", where, null, refused),
        _ when Find<AuthenticationException>(exception) is { } tls => Error($"the TLS connection to PostgreSQL failed: {Sentence(tls)}", where, "name the certificate authority by `sslrootcert`, or choose another `sslmode`", exception),
        _ when exception.Message.Contains("SSL", StringComparison.OrdinalIgnoreCase) => Error($"the TLS connection to PostgreSQL failed: {Sentence(exception)}", where, "check `sslmode` in the address", exception),
        _ => Error($"PostgreSQL cannot be reached: {Sentence(exception.InnerException ?? exception)}", where, "check host and port, and that the server takes connections from here", exception),
    };

    /// <summary>While reading.</summary>
    /// <param name="exception">Where <see cref="IsOne"/>.</param>
    /// <param name="where">The database.</param>
    /// <param name="stream">The stream that was read, or null.</param>
    public static UserError Reading(Exception exception, string where, string? stream)
    {
        var what = stream is null ? "the database" : $"`{stream}`";
        return exception switch
        {
            PostgresException { SqlState: "42501" } refused => Error($"{what} may not be read: {refused.MessageText}", where, $"grant SELECT to the user, or leave it out: `!{stream}` among the streams", refused, stream),
            PostgresException { SqlState: "57014" } refused => Error($"PostgreSQL ended the reading of {what}: {refused.MessageText}", where, "raise it for this pipeline: `?options=-c%20statement_timeout%3D0` in the address", refused, stream),
            PostgresException { SqlState: "40001" } refused => Error($"the standby ended the reading of {what}: {refused.MessageText}", where, "raise max_standby_streaming_delay or turn hot_standby_feedback on, or read from the primary", refused, stream),
            PostgresException { SqlState: "55000" } refused => Error($"{what} cannot be read: {refused.MessageText}", where, "REFRESH MATERIALIZED VIEW fills it", refused, stream),
            PostgresException refused when IsOfStatement(refused) => Error($"{what} cannot be read: {refused.MessageText}", where, null, refused, stream),
            _ => Error($"the connection to PostgreSQL was lost: {Sentence(exception)}", where, "nothing of the tables that were being read is committed; run again", exception, stream),
        };
    }

    private static UserError Error(string what, string where, string? hint, Exception inner, string? stream = null) =>
        new(what.TrimEnd('.'), inner) { Where = stream is null ? [("source", where)] : [("source", where), ("stream", stream)], Hint = hint };

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception is null or T ? exception as T : Find<T>(exception.InnerException);

    private static string Sentence(Exception exception) => exception switch
    {
        PostgresException refused => refused.MessageText,
        NpgsqlException { InnerException: { } inner } => Sentence(inner),
        _ => exception.Message.Split('\n')[0].TrimEnd('.'),
    };
}
