using System.Globalization;
using DataSpoc.Contracts;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>
/// Where a PostgreSQL server is and how it is spoken to, from a connection URI and the standard environment (PostgreSQL, "Connection URIs", "Parameter Key Words",
/// "Environment Variables"). What the URI says goes before the environment; <c>postgres://</c> alone leaves everything to it.
/// </summary>
internal static class PostgresAddress
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Parameters = new(StringComparer.Ordinal)
    {
        ["host"] = (to, value) => to.Host = value,
        ["port"] = (to, value) => to.Port = Number("port", value),
        ["dbname"] = (to, value) => to.Database = value,
        ["user"] = (to, value) => to.Username = value,
        ["password"] = (to, value) => to.Password = value,
        ["passfile"] = (to, value) => to.Passfile = value,
        ["sslmode"] = (to, value) => to.SslMode = Word<SslMode>("sslmode", value),
        ["sslrootcert"] = (to, value) => to.RootCertificate = value,
        ["sslcert"] = (to, value) => to.SslCertificate = value,
        ["sslkey"] = (to, value) => to.SslKey = value,
        ["sslpassword"] = (to, value) => to.SslPassword = value,
        ["sslnegotiation"] = (to, value) => to.SslNegotiation = Word<SslNegotiation>("sslnegotiation", value),
        ["channel_binding"] = (to, value) => to.ChannelBinding = Word<ChannelBinding>("channel_binding", value),
        ["connect_timeout"] = (to, value) => to.Timeout = Math.Min(Number("connect_timeout", value), 1024),
        ["application_name"] = (to, value) => to.ApplicationName = value,
        ["options"] = (to, value) => to.Options = value,
        ["target_session_attrs"] = (to, value) => to.TargetSessionAttributes = value,
        ["keepalives_idle"] = (to, value) => to.TcpKeepAliveTime = Number("keepalives_idle", value),
        ["keepalives_interval"] = (to, value) => to.TcpKeepAliveInterval = Number("keepalives_interval", value),
    };

    private static readonly (string Variable, string Parameter)[] Variables =
    [
        ("PGHOST", "host"), ("PGPORT", "port"), ("PGDATABASE", "dbname"), ("PGUSER", "user"), ("PGPASSWORD", "password"), ("PGPASSFILE", "passfile"), ("PGSSLMODE", "sslmode"), ("PGSSLROOTCERT", "sslrootcert"),
        ("PGSSLCERT", "sslcert"), ("PGSSLKEY", "sslkey"), ("PGSSLNEGOTIATION", "sslnegotiation"), ("PGCHANNELBINDING", "channel_binding"), ("PGCONNECT_TIMEOUT", "connect_timeout"), ("PGAPPNAME", "application_name"), ("PGOPTIONS", "options"),
        ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ];

    /// <summary>Whether a text is meant as the address of a PostgreSQL database.</summary>
    public static bool IsOne(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>Reads an address.</summary>
    /// <param name="uri">The URI; it may hold a password and never enters a message.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="UserError">It is no URI of PostgreSQL (<see cref="ExitCode.Usage"/>).</exception>
    public static NpgsqlConnectionStringBuilder Parse(string uri, Func<string, string?> variable)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "pipe",
            Timeout = 15,
            // what waits is a COPY, which may take long; `options=-c statement_timeout=…` bounds it at the server
            CommandTimeout = 0,
            Pooling = false,
            TcpKeepAlive = true,
            ReadBufferSize = 64 << 10,
        };
        foreach (var (name, parameter) in Variables)
            if (variable(name) is { Length: > 0 } value)
                Parameters[parameter](address, value);
        ReadUri(uri, address);
        address.Host = string.IsNullOrEmpty(address.Host) ? "localhost" : address.Host;
        address.Username = string.IsNullOrEmpty(address.Username) ? variable("USER") ?? "postgres" : address.Username;
        address.Database = string.IsNullOrEmpty(address.Database) ? address.Username : address.Database;
        return address;
    }

    /// <summary>How messages call the database: <c>db.example:5432/shop</c>; never with user or password.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Host}{(address.Host!.Contains(':', StringComparison.Ordinal) ? "" : $":{address.Port}")}/{address.Database}");

    // by hand: several hosts, and characters in a password that Uri refuses
    private static void ReadUri(string uri, NpgsqlConnectionStringBuilder address)
    {
        var scheme = Array.Find(Schemes, prefix => uri.StartsWith(prefix, StringComparison.Ordinal)) ?? throw Wrong("does not start with postgres://");
        var rest = uri[scheme.Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var (place, parameters) = query < 0 ? (rest, "") : (rest[..query], rest[(query + 1)..]);
        var slash = place.LastIndexOf('/');
        var (authority, database) = slash < 0 ? (place, "") : (place[..slash], Unescape(place[(slash + 1)..]));
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var user = authority[..at].Split(':', 2);
            address.Username = Unescape(user[0]);
            if (user.Length == 2)
                address.Password = Unescape(user[1]);
        }
        if (authority[(at + 1)..] is { Length: > 0 } hosts)
            ReadHosts(hosts, address);
        if (database.Length > 0)
            address.Database = database;
        foreach (var pair in parameters.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var name, var text] ? (name, Unescape(text)) : (pair, "");
            if (!Parameters.TryGetValue(key, out var set))
                throw Wrong($"has a parameter `{key}` that is not known", $"known are {string.Join(", ", Parameters.Keys)}");
            set(address, value);
        }
    }

    private static void ReadHosts(string hosts, NpgsqlConnectionStringBuilder address)
    {
        var colon = hosts.LastIndexOf(':');
        // [::1]:5432; of several hosts each keeps its port
        if (hosts.Contains(',', StringComparison.Ordinal) || colon < 0 || hosts.EndsWith(']'))
        {
            address.Host = hosts.Trim('[', ']');
            return;
        }
        address.Host = Unescape(hosts[..colon].Trim('[', ']'));
        address.Port = Number("port", hosts[(colon + 1)..]);
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (name != "port" || number is > 0 and < 65536) ? number : throw Wrong($"has a `{name}` that is no number", "a password with / @ : ? # in it must be percent-encoded, or come from PGPASSWORD");

    private static T Word<T>(string name, string value)
        where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var word) && !char.IsAsciiDigit(value[0]) ? word : throw Wrong($"has an `{name}` that is not known: `{value}`", $"known are {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    private static UserError Wrong(string what, string hint = "postgres://user@host:5432/database?sslmode=verify-full") =>
        new($"the address of PostgreSQL {what}") { Hint = hint, ExitCode = ExitCode.Usage };
}
