using DataSpoc.Contracts;
using Npgsql;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>Reads <c>postgres://user@host:5432/database</c>. The password comes from PGPASSWORD, never from the address, which others see.</summary>
internal static class PostgresTarget
{
    private const string Example = "postgres://user@host:5432/database";

    /// <exception cref="UserError">It is none, or holds a password (<see cref="ExitCode.Usage"/>).</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, Func<string, string?> variable)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw Wrong("`--to` takes the address of a PostgreSQL database", $"write {Example}; files are written by `--out` and `--format`");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw Wrong("the address of `--to` holds a password, which everybody on this machine can see", $"give it by PGPASSWORD: PGPASSWORD=… platform mock --to {Example}");
        if (uri.Query.Length > 0)
            throw Wrong("the address of `--to` has options, which are not known here", $"write {Example}; PGSSLMODE and the other variables of PostgreSQL hold");
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (database.Length == 0 && variable("PGDATABASE") is null)
            throw Wrong("the address of `--to` names no database", $"write {Example}");
        var settings = new NpgsqlConnectionStringBuilder { Pooling = false, ApplicationName = "platform mock", Timeout = 15 };
        settings.Host = uri.Host.Length > 0 ? uri.Host : variable("PGHOST") ?? "localhost";
        settings.Port = uri.Port > 0 ? uri.Port : int.TryParse(variable("PGPORT"), out var port) ? port : 5432;
        settings.Database = database.Length > 0 ? database : variable("PGDATABASE");
        if ((uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : variable("PGUSER")) is { } user)
            settings.Username = user;
        if (variable("PGPASSWORD") is { Length: > 0 } password)
            settings.Password = password;
        if (variable("PGSSLMODE") is { Length: > 0 } mode && Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var ssl))
            settings.SslMode = ssl;
        return settings;
    }

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
