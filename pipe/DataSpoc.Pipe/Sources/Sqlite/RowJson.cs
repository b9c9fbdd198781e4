using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>A row as JSON, each value as what it is in the database: numbers, texts, bytes as DuckDB spells them.</summary>
internal static class RowJson
{
    /// <param name="row">On the row.</param>
    /// <param name="schema">Its columns, in the statement's order.</param>
    public static byte[] Of(SqliteStatement row, StreamSchema schema)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var i = 0; i < schema.Columns.Count; i++)
            {
                json.WritePropertyName(schema.Columns[i].Name);
                Write(row, i, json);
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(SqliteStatement row, int column, Utf8JsonWriter json)
    {
        switch (row.Kind(column))
        {
            case SqliteKind.Integer:
                json.WriteNumberValue(row.Integer(column));
                break;
            case SqliteKind.Real when double.IsFinite(row.Real(column)):
                json.WriteRawValue(row.Real(column).ToString("R", CultureInfo.InvariantCulture));
                break;
            case SqliteKind.Blob:
                json.WriteStringValue(BlobText.Of(row.Blob(column)));
                break;
            default:
                json.WriteStringValue(row.Text(column));
                break;
        }
    }
}
