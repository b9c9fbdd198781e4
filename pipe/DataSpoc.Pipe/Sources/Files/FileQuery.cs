using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>Reads files of one kind by DuckDB: which columns they have, and the FROM clause that gives their rows.</summary>
/// <param name="connection">Where the files are looked at.</param>
/// <param name="kind">What they hold.</param>
/// <param name="paths">Local paths, at least one.</param>
/// <param name="hasHeader">Whether the first line of a CSV file names its columns.</param>
internal sealed class FileQuery(Connection connection, FileKind kind, IReadOnlyList<string> paths, bool hasHeader = true)
{
    /// <summary>A column that never leaves the query: in which file a row lies.</summary>
    private const string File = "__dataspoc_file";

    private readonly string _list = $"[{string.Join(", ", paths.Select(path => Sql.Literal(GlobPath.Literal(path))))}]";
    private readonly Dictionary<bool, IReadOnlyList<(string Name, LogicalType Type)>> _found = [];
    private readonly Dictionary<bool, SniffedCsv> _sniffed = [];
    private string? _delimiter;

    /// <summary>What a person said of the files.</summary>
    public FileReading Reading { get; init; } = FileReading.Usual;

    /// <summary>What the files are called where a column names them, one per path.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Columns of JSON whose values are texts of numbers, to the last digit (<see cref="ExactJson"/>).</summary>
    public IReadOnlySet<string> Exact { get; init; } = new HashSet<string>();

    /// <summary>The local paths.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>How the files are compressed, as DuckDB calls it.</summary>
    public string Compression => kind.Compression;

    private string Delimiting => _delimiter ??= Reading.Delimiter ?? kind.Delimiter ?? Delimiter();

    /// <summary>What they hold.</summary>
    public FileFormat Format => kind.Format;

    /// <summary>The columns, with the types that a person gave for them, or else those that are found.</summary>
    /// <param name="wholeFile">Looks at all rows for the types of CSV, not only at the first 20 480.</param>
    public IReadOnlyList<(string Name, LogicalType Type)> Columns(bool wholeFile) => Reading.Typed(Found(wholeFile));

    /// <summary>The columns and the types found for them.</summary>
    /// <param name="wholeFile">As in <see cref="Columns"/>; numbers that a DOUBLE does not hold are found too.</param>
    public IReadOnlyList<(string Name, LogicalType Type)> Found(bool wholeFile) =>
        _found.TryGetValue(wholeFile, out var known) ? known : _found[wholeFile] = wholeFile || Exact.Count > 0 ? Roomier(Sniffed(wholeFile)) : Sniffed(wholeFile);

    private IReadOnlyList<(string Name, LogicalType Type)> Sniffed(bool wholeFile)
    {
        try
        {
            if (kind.Format == FileFormat.Csv && paths.Count == 1 && Reading is { FileName: null, RowNumber: null })
                return (_sniffed[wholeFile] = SniffedCsv.Of(connection, paths[0], CsvOptions(wholeFile))).Columns;
            using var result = connection.Query($"SELECT * FROM {From(null, wholeFile)} LIMIT 0");
            return [.. result.Columns.Select(column => (column.Name, column.Type))];
        }
        catch (DuckDbException error) when (kind.Format == FileFormat.Csv && error.Message.Contains("sniffing", StringComparison.Ordinal))
        {
            // what DuckDB guesses from names no line; read with as many texts as the first line has fields, the file names the first line that differs
            foreach (var path in paths)
                FindRaggedLine(path);
            throw;
        }
    }

    // numbers with more digits than a DOUBLE keeps are decimals where 38 digits are enough for all, else texts
    private IReadOnlyList<(string Name, LogicalType Type)> Roomier(IReadOnlyList<(string Name, LogicalType Type)> found)
    {
        var texts = found.Select(column => Exact.Contains(column.Name) || IsJudged(column.Name, column.Type) ? (column.Name, Type: LogicalType.Varchar) : column).ToArray();
        var judged = found.Where(column => Exact.Contains(column.Name) || IsJudged(column.Name, column.Type)).ToArray();
        if (judged.Length == 0)
            return found;
        using var answer = connection.Query($"SELECT {string.Join(", ", judged.Select(column => NumberTexts.Of(Sql.Identifier(column.Name))))} FROM {From(texts, wholeFile: true)}");
        answer.NextChunk();
        var types = judged.Index().ToDictionary(column => column.Item.Name, column => NumberTexts.TypeOf(answer.GetText(column.Index, 0)));
        return [.. found.Select(column => (column.Name, types.GetValueOrDefault(column.Name) ?? column.Type))];
    }

    private void FindRaggedLine(string path)
    {
        var fields = CsvFirstLine.Of(connection, path, kind.Compression, Reading) is { } line ? line.Split(Delimiting).Length : 1;
        var columns = string.Join(", ", Enumerable.Range(0, fields).Select(i => string.Create(CultureInfo.InvariantCulture, $"'c{i}': 'VARCHAR'")));
        connection.Execute($"SELECT count(*) FROM read_csv({Sql.Literal(GlobPath.Literal(path))}, auto_detect = false, compression = '{kind.Compression}', {Form}, "
            + $"header = false, null_padding = false, columns = {{{columns}}})");
    }

    /// <summary>The FROM clause.</summary>
    /// <param name="types">All columns with the types to read texts as; null lets DuckDB find them.</param>
    /// <param name="wholeFile">As in <see cref="Columns"/>.</param>
    public string From(IReadOnlyList<(string Name, LogicalType Type)>? types, bool wholeFile)
    {
        var rows = Rows(types?.Where(column => !IsAdded(column.Name)).ToArray(), wholeFile);
        if (Reading is { FileName: null, RowNumber: null })
            return rows;
        var added = new List<string>();
        if (Reading.FileName is { } file)
            added.Add($"MAP {{{string.Join(", ", paths.Zip(Names.Count > 0 ? Names : paths, (path, name) => $"{Sql.Literal(path)}: {Sql.Literal(name)}"))}}}[{Sql.Identifier(File)}] AS {Sql.Identifier(file)}");
        // rows come in the order of the file where there is one only (FileIngestion reads them so)
        if (Reading.RowNumber is { } number)
            added.Add($"row_number() OVER () AS {Sql.Identifier(number)}");
        return $"(SELECT * EXCLUDE ({Sql.Identifier(File)}), {string.Join(", ", added)} FROM {rows})";
    }

    private string Form => $"delim = {Sql.Literal(Delimiting)}, quote = {Sql.Literal(Reading.Quote)}, escape = {Sql.Literal(Reading.Escape ?? Reading.Quote)}, "
        + $"comment = {Sql.Literal(Reading.Comment ?? "")}, encoding = {Sql.Literal(Reading.Encoding)}";

    private bool IsAdded(string column) => column == Reading.FileName || column == Reading.RowNumber;

    private string Rows(IReadOnlyList<(string Name, LogicalType Type)>? types, bool wholeFile)
    {
        var options = new List<string>();
        if (paths.Count > 1)
            options.Add("union_by_name = true");
        if (Reading.FileName is not null || Reading.RowNumber is not null)
            options.Add($"filename = {Sql.Literal(File)}");
        switch (kind.Format)
        {
            case FileFormat.Parquet:
                return Call("read_parquet", options);
            case FileFormat.Json:
                // all records are looked at for types: a number inside a structure would be rounded where the first ones were whole
                options.AddRange([$"compression = '{kind.Compression}'", "maximum_object_size = 268435456", $"sample_size = -1"]);
                if (types is not null)
                    options.Add($"columns = {Map(AsRead(types))}");
                return Call("read_json", options);
            default:
                options.AddRange(CsvOptions(wholeFile));
                if (types is { Count: > 0 })
                    options.AddRange(_sniffed.TryGetValue(wholeFile, out var sniffed) ? [.. sniffed.Form(Reading), $"columns = {Map(AsRead(types))}"] : [$"types = {Map(AsRead(types))}"]);
                return Call("read_csv", options);
        }
    }

    // nothing about the file's form is guessed from its rows but the types: a guess may leave out lines
    private List<string> CsvOptions(bool wholeFile)
    {
        List<string> options = [$"compression = '{kind.Compression}'", Form, "skip = 0",
            $"header = {(hasHeader ? "true" : "false")}", "strict_mode = true", "null_padding = false", "ignore_errors = false",
            $"sample_size = {(wholeFile ? -1 : 20480).ToString(CultureInfo.InvariantCulture)}"];
        if (Reading.NullStrings.Count > 0)
            options.Add($"nullstr = [{string.Join(", ", Reading.NullStrings.Select(Sql.Literal))}]");
        if (Reading.DateFormat is { } dates)
            options.Add($"dateformat = {Sql.Literal(dates)}");
        if (Reading.TimestampFormat is { } timestamps)
            options.Add($"timestampformat = {Sql.Literal(timestamps)}");
        return options;
    }

    /// <summary>
    /// The expression that gives a column of <see cref="From"/> as its type. DuckDB rounds the text 12.50 to the whole number 13 where it expects one, and drops the digits that a DOUBLE
    /// does not keep: numbers are therefore read as texts, and one that would be rounded is an error.
    /// </summary>
    public string Value(string column, LogicalType type)
    {
        var value = Sql.Identifier(column);
        var refusal = TypeRefusal.Of(column, type);
        if (IsJudged(column, type))
            return ExactNumbers.Double(value, refusal);
        if (kind.Format == FileFormat.Parquet || !IsExact(type) || IsAdded(column))
            return value;
        if (type.Kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.UTinyInt or LogicalKind.USmallInt or LogicalKind.UInteger)
            return ExactNumbers.Whole(value, refusal);
        return $"CASE WHEN length(rtrim(split_part({value}, '.', 2), '0 ')) > {type.Scale} OR contains(lower({value}), 'e') THEN error({Sql.Literal(refusal)} || {value}) ELSE CAST({value} AS {type}) END";
    }

    /// <summary>A text of <see cref="From"/> that is meant as a type, in the form that a cast to it understands; one that is not of it stays as it is.</summary>
    public string Normal(string column, LogicalType meant)
    {
        var value = Sql.Identifier(column);
        // who gives that type by name may have the number rounded, but not made infinite
        if (meant.Kind == LogicalKind.Double && Reading.Types.ContainsKey(column))
            return $"CASE WHEN {ExactNumbers.Double(value, "")} IS NULL AND isfinite(TRY_CAST({value} AS DOUBLE)) THEN CAST(CAST({value} AS DOUBLE) AS VARCHAR) ELSE {value} END";
        var format = kind.Format != FileFormat.Csv || IsAdded(column) ? null : meant.Kind switch { LogicalKind.Date => Reading.DateFormat, LogicalKind.Timestamp or LogicalKind.TimestampTz => Reading.TimestampFormat, _ => null };
        return format is null ? value : $"coalesce(CAST(CAST(try_strptime({value}, {Sql.Literal(format)}) AS {meant}) AS VARCHAR), {value})";
    }

    // of the usual ones, the one that the first line has most of
    private string Delimiter()
    {
        if (CsvFirstLine.Of(connection, paths[0], kind.Compression, Reading) is not { } line)
            return ",";
        return ((string[])[",", ";", "\t", "|"]).MaxBy(delimiter => line.Split(delimiter).Length)!;
    }

    private string Call(string function, List<string> options) => options.Count == 0 ? $"{function}({_list})" : $"{function}({_list}, {string.Join(", ", options)})";

    private (string Name, LogicalType Type)[] AsRead(IReadOnlyList<(string Name, LogicalType Type)> types) =>
        [.. types.Select(column => (column.Name, IsExact(column.Type) || IsJudged(column.Name, column.Type) ? LogicalType.Varchar : column.Type))];

    // whether a number is looked at before it becomes a DOUBLE; who gives that type by name may have it rounded
    private bool IsJudged(string column, LogicalType type) =>
        type.Kind == LogicalKind.Double && (kind.Format == FileFormat.Csv || Exact.Contains(column)) && !Reading.Types.ContainsKey(column) && !IsAdded(column);

    private static bool IsExact(LogicalType type) => type.Kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.HugeInt
        or LogicalKind.UTinyInt or LogicalKind.USmallInt or LogicalKind.UInteger or LogicalKind.UBigInt or LogicalKind.UHugeInt or LogicalKind.Decimal;

    private static string Map(IReadOnlyList<(string Name, LogicalType Type)> types) =>
        $"{{{string.Join(", ", types.Select(column => $"{Sql.Literal(column.Name)}: {Sql.Literal(column.Type.ToString())}"))}}}";
}
