using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Rows;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>
/// Writes the values of one column. SQLite lets any value lie in any column; one that is not of the column's type, exactly, is refused: nothing is converted silently, nothing lost.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="type">What its values become.</param>
internal sealed class ColumnReader(SqliteColumn column, LogicalType type)
{
    private const long ExactInDouble = 1L << 53;

    public SqliteColumn Column => column;

    public LogicalType Type => type;

    /// <summary>Writes the current row's value; one that is not of the column's type becomes NULL where such are left out.</summary>
    /// <exception cref="ValueRefused">It is not of the column's type.</exception>
    public void Write(SqliteStatement from, int index, VectorWriter target, int row, bool leavesOut)
    {
        var kind = from.Kind(index);
        if (kind != SqliteKind.Null && TryWrite(kind, from, index, target, row))
            return;
        if (kind == SqliteKind.Null || leavesOut)
            target.SetNull(row);
        else
            throw new ValueRefused($"`{column.Name}` is {Describe(kind, from, index)}, the column is {(column.Declared.Length == 0 ? type : column.Declared)}")
            {
                Hint = $"correct the value, or name another type under `types`: `{column.Name}: text` takes them all",
            };
    }

    private bool TryWrite(SqliteKind kind, SqliteStatement from, int index, VectorWriter target, int row)
    {
        switch (type.Kind, kind)
        {
            case (LogicalKind.BigInt, SqliteKind.Integer):
                target.Set(row, from.Integer(index));
                return true;
            case (LogicalKind.Boolean, SqliteKind.Integer) when from.Integer(index) is 0 or 1:
                target.Set(row, from.Integer(index) == 1);
                return true;
            case (LogicalKind.Double, SqliteKind.Real):
                target.Set(row, from.Real(index));
                return true;
            case (LogicalKind.Double, SqliteKind.Integer) when from.Integer(index) is >= -ExactInDouble and <= ExactInDouble:
                target.Set(row, (double)from.Integer(index));
                return true;
            case (LogicalKind.Varchar, SqliteKind.Text) when Utf8.IsValid(from.Utf8(index)):
                target.SetValidString(row, from.Utf8(index));
                return true;
            // only where text was asked for: the number's own spelling
            case (LogicalKind.Varchar, SqliteKind.Integer or SqliteKind.Real):
                target.SetString(row, Encoding.UTF8.GetBytes(Number(kind, from, index)));
                return true;
            case (LogicalKind.Blob, SqliteKind.Blob):
                target.SetString(row, from.Blob(index));
                return true;
            case (LogicalKind.Decimal, not SqliteKind.Blob):
                return TryDecimal(kind == SqliteKind.Text ? from.Utf8(index) : Encoding.UTF8.GetBytes(Number(kind, from, index)), target, row);
            case (LogicalKind.Date, SqliteKind.Text) when TimeText.ToDays(from.Utf8(index), out var days) == Fit.Fits:
                target.Set(row, days);
                return true;
            case (LogicalKind.Timestamp, SqliteKind.Text) when TimeText.ToMicroseconds(from.Utf8(index), out var microseconds) == Fit.Fits:
                target.Set(row, microseconds);
                return true;
            default:
                return false;
        }
    }

    private bool TryDecimal(ReadOnlySpan<byte> text, VectorWriter target, int row)
    {
        if (NumberText.ToDecimal(text, type.Width, type.Scale, out var unscaled) != Fit.Fits)
            return false;
        UnscaledDecimal.Set(target, type.ByteWidth, row, unscaled);
        return true;
    }

    // the shortest text that is this very number
    private static string Number(SqliteKind kind, SqliteStatement from, int index) =>
        kind == SqliteKind.Integer ? from.Integer(index).ToString(CultureInfo.InvariantCulture) : from.Real(index).ToString("R", CultureInfo.InvariantCulture);

    private static string Describe(SqliteKind kind, SqliteStatement from, int index) => kind switch
    {
        SqliteKind.Text when !Utf8.IsValid(from.Utf8(index)) => "a text that is not valid UTF-8",
        SqliteKind.Text => $"the text \"{ValueProblem.Cut(from.Utf8(index))}\"",
        SqliteKind.Blob => string.Create(CultureInfo.InvariantCulture, $"{from.Blob(index).Length} bytes"),
        _ => $"the number {Number(kind, from, index)}",
    };
}
