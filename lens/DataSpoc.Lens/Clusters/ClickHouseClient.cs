using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Clusters;

/// <summary>Speaks to ClickHouse over HTTP (https://clickhouse.com/docs/interfaces/http). One statement per request; redirects are not followed.</summary>
internal sealed partial class ClickHouseClient : IDisposable
{
    private readonly ClickHouseAddress _address;
    private readonly HttpClient _http;

    public ClickHouseClient(ClickHouseAddress address)
    {
        _address = address;
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !address.Url.IsLoopback, AutomaticDecompression = DecompressionMethods.All }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    /// <exception cref="UserError">It cannot be reached, or refuses.</exception>
    public async Task RunAsync(string statement, CancellationToken cancel)
    {
        using var answer = await SendAsync(statement, [], cancel);
    }

    /// <summary>Runs a query, for reading only, and writes its rows to a file as Parquet.</summary>
    /// <param name="query">One SELECT.</param>
    /// <param name="file">An absolute path.</param>
    /// <param name="rows">Rows at most; null for all.</param>
    /// <param name="time">How long it may take; null for ever.</param>
    /// <param name="cancel">Ends it, there too.</param>
    /// <exception cref="UserError">It cannot be reached, refuses, or fails.</exception>
    public async Task QueryAsync(string query, string file, long? rows, TimeSpan? time, CancellationToken cancel)
    {
        var settings = new List<(string, string)>
        {
            ("default_format", "Parquet"),
            ("output_format_parquet_string_as_string", "1"),
            ("output_format_parquet_compression_method", "zstd"),
            // an error after the first rows would else come as a broken file
            ("wait_end_of_query", "1"),
            ("cancel_http_readonly_queries_on_client_close", "1"),
        };
        if (rows is { } most)
            settings.Add(("limit", most.ToString(CultureInfo.InvariantCulture)));
        if (time is { } limit)
            settings.Add(("max_execution_time", Math.Ceiling(limit.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        // 2: for reading, settings aside; 1 would refuse the functions that read buckets
        settings.Add(("readonly", "2"));
        using var answer = await SendAsync(query, settings, cancel);
        try
        {
            await using var written = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            await (await answer.Content.ReadAsStreamAsync(cancel)).CopyToAsync(written, cancel);
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException)
        {
            throw Failed("the answer of ClickHouse broke off", error.Message, null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string statement, IReadOnlyList<(string Name, string Value)> settings, CancellationToken cancel)
    {
        (string Name, string Value)[] all = [.. _address.Database is { } database ? ((string, string)[])[("database", database)] : [], .. settings];
        var query = string.Join('&', all.Select(setting => $"{setting.Name}={Uri.EscapeDataString(setting.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(_address.Url) { Query = query }.Uri) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(statement)) };
        if (_address.User is { } user)
            request.Headers.TryAddWithoutValidation("X-ClickHouse-User", user);
        if (_address.Password is { } password)
            request.Headers.TryAddWithoutValidation("X-ClickHouse-Key", password);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException error)
        {
            throw Failed("ClickHouse cannot be reached", error.Message, "the address is that of its HTTP interface: port 8123, or 8443 with clickhouses://");
        }
        if (answer.StatusCode == HttpStatusCode.OK)
            return answer;
        using (answer)
        {
            var said = await answer.Content.ReadAsStringAsync(cancel);
            var notPermitted = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || Code().Match(said).Groups[1].Value is "497" or "516";
            throw notPermitted
                ? Failed("ClickHouse does not permit it", Shown(said), "check the user in the address, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD", ExitCode.NotPermitted)
                : Failed("ClickHouse refuses the query", Shown(said), null);
        }
    }

    private UserError Failed(string what, string reason, string? hint, ExitCode exit = ExitCode.Failed) => new(what)
    {
        Where = [("address", _address.Url.ToString()), .. reason.Length > 0 ? ((string, string)[])[("reason", reason)] : []],
        Hint = hint,
        ExitCode = exit,
    };

    // Code: 60. DB::Exception: Unknown table … (UNKNOWN_TABLE) (version 26.7.2.1)
    private string Shown(string said)
    {
        var text = Version().Replace(Code().Replace(said, ""), "");
        if (_address.Password is { } password)
            text = text.Replace(password, "***", StringComparison.Ordinal);
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return text.Length > 600 ? text[..600] + "…" : text;
    }

    [GeneratedRegex(@"Code: (\d+)\. DB::Exception: ")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s*\(version [^)]*\)")]
    private static partial Regex Version();
}
