using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb.Guarding;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Lens.Sql;

/// <summary>Where the query of <c>lens sql</c> comes from: the argument, a file, or stdin.</summary>
internal static class QueryText
{
    /// <exception cref="UserError">None or two are given, the file cannot be read, or there is nothing in it (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<string> ReadAsync(CommandContext context, string? query, string? file)
    {
        if (query is not null && file is not null)
            throw Wrong("there are two queries: an argument and `--file`", "give one of them");
        if (query is null && file is null)
            throw Wrong("there is no query", $"for example: {context.Command.Example}");
        var text = file is not null ? await FromFileAsync(context, file) : query == "-" ? await FromStandardInputAsync(context) : query!;
        return !string.IsNullOrWhiteSpace(text.Trim().Trim(';'))
            ? text
            : throw Wrong("the query is empty", $"for example: {context.Command.Example}");
    }

    /// <summary>The text with the values of <c>--param</c> in it.</summary>
    /// <exception cref="UserError">A value is not <c>name=value</c>, is given twice, is missing, or is used nowhere (<see cref="ExitCode.Usage"/>).</exception>
    public static string WithParameters(string sql, IReadOnlyList<string> parameters)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !values.TryAdd(parameter[..equals].TrimStart('$'), parameter[(equals + 1)..]))
                throw new UserError(equals <= 0 ? $"`--param {parameter}` has no value" : $"`--param {parameter[..equals]}` is given twice") { Hint = "write --param name=value, and $name in the query", ExitCode = ExitCode.Usage };
        }
        return SqlParameters.Fill(sql, values);
    }

    /// <summary>The layers whose tables the text seems to name, so that reading their catalogs early is worth it: a guess, at worst one that costs or saves no time.</summary>
    public static IEnumerable<Layer> Layers(string sql)
    {
        if (!MayNameTables(sql))
            return [];
        var named = LayerNames.All.Where(layer => sql.Contains(layer.Name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return named.Length > 0 ? named : LayerNames.All;
    }

    private static bool MayNameTables(string sql) =>
        sql.Contains("from", StringComparison.OrdinalIgnoreCase) || sql.Contains("describe", StringComparison.OrdinalIgnoreCase) || sql.Contains("summarize", StringComparison.OrdinalIgnoreCase)
        || sql.Contains("show", StringComparison.OrdinalIgnoreCase) || sql.Contains("table", StringComparison.OrdinalIgnoreCase);

    private static async Task<string> FromFileAsync(CommandContext context, string file)
    {
        if (file == "-")
            return await FromStandardInputAsync(context);
        try
        {
            return Decoded(await File.ReadAllBytesAsync(context.Environment.FullPath(file), context.Cancel), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var what = error is FileNotFoundException or DirectoryNotFoundException ? $"there is no file `{file}`" : $"`{file}` cannot be read: {error.Message}";
            throw new UserError(what, error) { Where = [("option", $"--file {file}")], ExitCode = ExitCode.Usage };
        }
    }

    private static async Task<string> FromStandardInputAsync(CommandContext context)
    {
        await using var input = context.OpenInput();
        using var bytes = new MemoryStream();
        await input.CopyToAsync(bytes, context.Cancel);
        return Decoded(bytes.ToArray(), "stdin");
    }

    private static string Decoded(byte[] bytes, string place)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new UserError("the query is not UTF-8", error) { Where = [("file", place)], ExitCode = ExitCode.Usage };
        }
    }

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
