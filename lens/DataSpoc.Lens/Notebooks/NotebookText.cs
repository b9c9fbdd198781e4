using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Lens.Notebooks;

/// <summary>Notebooks in which every table is mounted: Jupyter's form (nbformat 4) and Marimo's, which is a Python file.</summary>
internal static class NotebookText
{
    private const int Shown = 3;
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A file of Jupyter.</summary>
    public static string Jupyter(LakeMounts mounts, DateTimeOffset now)
    {
        var cells = new JsonArray(Cell("markdown", $"# Tables of the lake\n\n{About(mounts, now)}"), Cell("code", Mounting(mounts)), Cell("code", "lake.sql(\"SHOW ALL TABLES\")"));
        foreach (var (name, _) in mounts.Tables.Take(Shown))
            cells.Add((JsonNode)Cell("code", FirstRows(name)));
        return new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = "Python 3", ["language"] = "python", ["name"] = "python3" },
                ["language_info"] = new JsonObject { ["name"] = "python" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        }.ToJsonString(s_readable) + "\n";
    }

    /// <summary>A file of Marimo.</summary>
    public static string Marimo(LakeMounts mounts, DateTimeOffset now)
    {
        var text = new StringBuilder("import marimo\n\napp = marimo.App()\n\n");
        text.Append("\n@app.cell\ndef _():\n").Append(Indented(string.Join('\n', About(mounts, now).Split('\n').Select(line => ("# " + line).TrimEnd())) + "\n" + Mounting(mounts))).Append("    return (lake,)\n\n");
        foreach (var query in mounts.Tables.Take(Shown).Select(table => FirstRows(table.Name)).Prepend("lake.sql(\"SHOW ALL TABLES\")"))
            text.Append("\n@app.cell\ndef _(lake):\n").Append(Indented(query)).Append("    return\n\n");
        return text.Append("\nif __name__ == \"__main__\":\n    app.run()\n").ToString();
    }

    private static string About(LakeMounts mounts, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"Every table as it was on {now:yyyy-MM-dd HH:mm} UTC, under the names of `lens sql`; `lens notebook` with `--replace` mounts the newest snapshots.\n")
        + "It needs DuckDB for Python: `pip install duckdb`.\n\n"
        + string.Concat(mounts.Tables.Select(table => $"- `{table.Name}`{(table.Version is { } version ? string.Create(CultureInfo.InvariantCulture, $", version {version}") : "")}\n"));

    private static string Mounting(LakeMounts mounts)
    {
        var text = new StringBuilder("import duckdb\n\nlake = duckdb.connect()\nmounts = [\n");
        foreach (var statement in mounts.Statements)
            text.Append("    ").Append(Literal(statement)).Append(",\n");
        return text.Append("]\nfor statement in mounts:\n    lake.execute(statement)\n").ToString();
    }

    private static string FirstRows(string table) => $"lake.sql({Literal($"FROM {table} LIMIT 10")})";

    // a text as Python writes it
    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        return literal.Append('"').ToString();
    }

    private static string Indented(string code) => string.Concat(code.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : $"    {line}\n"));

    private static JsonObject Cell(string kind, string text)
    {
        var cell = new JsonObject { ["cell_type"] = kind, ["metadata"] = new JsonObject(), ["source"] = new JsonArray([.. Lines(text).Select(line => JsonValue.Create(line))]) };
        if (kind == "code")
            (cell["execution_count"], cell["outputs"]) = (null, new JsonArray());
        return cell;
    }

    // each with its line feed, but the last
    private static IEnumerable<string> Lines(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Select((line, i) => i + 1 < lines.Length ? line + "\n" : line);
    }
}
