using System.Text;

namespace DataSpoc.Lens.Shell;

/// <summary>Reads statements from a terminal: several lines, history, completion, colours.</summary>
/// <param name="terminal">Where it is drawn.</param>
/// <param name="completions">What Tab suggests.</param>
/// <param name="history">What was written before, oldest first.</param>
internal sealed class LineEditor(TextWriter terminal, Completions completions, List<string> history)
{
    private const string Prompt = "lens> ";
    private const string More = "  ... ";
    private readonly SqlColors _colors = new(completions.Keywords);
    private int _rowOfCursor;

    /// <summary>The next statements as typed; null at the end (Ctrl-D).</summary>
    public string? Read()
    {
        var buffer = new LineBuffer(history);
        _rowOfCursor = 0;
        while (true)
        {
            Draw(buffer);
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                if (key.Modifiers == 0 && IsComplete(buffer.Text))
                    return Finished(buffer);
                buffer.Insert("\n");
            }
            else if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && buffer.Text.Length == 0)
            {
                terminal.Write("\n");
                return null;
            }
            else if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            {
                Leave(buffer, "^C\n");
                _rowOfCursor = 0;
                buffer = new(history);
            }
            else if (key.Key == ConsoleKey.Tab)
                Complete(buffer);
            else
                Edit(buffer, key);
        }
    }

    private static bool IsComplete(string text)
    {
        var (complete, rest) = Statements.Split(text);
        return rest.Length == 0 || (complete.Count == 0 && text.Trim().Length == 0);
    }

    private string Finished(LineBuffer buffer)
    {
        Leave(buffer, "\n");
        if (buffer.Text.Trim().Length > 0 && (history.Count == 0 || history[^1] != buffer.Text))
            history.Add(buffer.Text);
        return buffer.Text;
    }

    // below what was written
    private void Leave(LineBuffer buffer, string text)
    {
        while (buffer.Cursor < buffer.Text.Length)
            buffer.Right();
        Draw(buffer);
        terminal.Write(text);
    }

    private static void Edit(LineBuffer buffer, ConsoleKeyInfo key)
    {
        Action? edit = (key.Key, key.Modifiers & ConsoleModifiers.Control) switch
        {
            (ConsoleKey.A, ConsoleModifiers.Control) or (ConsoleKey.Home, _) => buffer.Home,
            (ConsoleKey.E, ConsoleModifiers.Control) or (ConsoleKey.End, _) => buffer.End,
            (ConsoleKey.U, ConsoleModifiers.Control) => buffer.DeleteToStart,
            (ConsoleKey.K, ConsoleModifiers.Control) => buffer.DeleteToEnd,
            (ConsoleKey.W, ConsoleModifiers.Control) => buffer.DeleteWord,
            (ConsoleKey.D, ConsoleModifiers.Control) or (ConsoleKey.Delete, _) => buffer.Delete,
            (ConsoleKey.Backspace, _) => buffer.Backspace,
            (ConsoleKey.LeftArrow, _) => buffer.Left,
            (ConsoleKey.RightArrow, _) => buffer.Right,
            (ConsoleKey.UpArrow, _) => buffer.Up,
            (ConsoleKey.DownArrow, _) => buffer.Down,
            _ when key.KeyChar >= ' ' && key.KeyChar != '\x7f' => () => buffer.Insert(key.KeyChar.ToString()),
            _ => null,
        };
        edit?.Invoke();
    }

    private void Complete(LineBuffer buffer)
    {
        var before = buffer.Text[..buffer.Cursor];
        var found = completions.Of(before).Where(suggestion => suggestion.Start <= before.Length).DistinctBy(suggestion => suggestion.Text).Take(30).ToArray();
        if (found.Length == 0)
            return;
        // those that go on with what is written go before those that only hold it
        var start = found[0].Start;
        if (found.Where(suggestion => suggestion.Start == start && suggestion.Text.StartsWith(before[start..], StringComparison.OrdinalIgnoreCase)).ToArray() is { Length: > 0 } going)
            found = going;
        var common = found.Where(suggestion => suggestion.Start == start).Select(suggestion => suggestion.Text).Aggregate(Common);
        if (found.Length == 1 || common.Length > before.Length - start)
        {
            buffer.Complete(start, common);
            return;
        }
        terminal.Write($"\n{string.Join("  ", found.Select(suggestion => suggestion.Text.Trim()))}\n");
        _rowOfCursor = 0;
    }

    private static string Common(string one, string other)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && char.ToUpperInvariant(one[length]) == char.ToUpperInvariant(other[length]))
            length++;
        return one[..length];
    }

    // from the first row of the statement on, everything anew
    private void Draw(LineBuffer buffer)
    {
        var width = Math.Max(20, Console.WindowWidth);
        var drawn = new StringBuilder(_rowOfCursor > 0 ? $"\e[{_rowOfCursor}A" : "").Append("\r\e[J");
        drawn.Append(Prompt).Append(_colors.Paint(buffer.Text).Replace("\n", "\n" + More, StringComparison.Ordinal));
        var (row, column) = Place(buffer.Text, buffer.Cursor, width);
        var (last, end) = Place(buffer.Text, buffer.Text.Length, width);
        // a row that is full to its end leaves the cursor there
        if (end == 0 && last > 0)
            drawn.Append('\n');
        if (last > row)
            drawn.Append($"\e[{last - row}A");
        drawn.Append('\r').Append(column > 0 ? $"\e[{column}C" : "");
        _rowOfCursor = row;
        terminal.Write(drawn.ToString());
        terminal.Flush();
    }

    private static (int Row, int Column) Place(string text, int at, int width)
    {
        var (row, column) = (0, Prompt.Length);
        foreach (var c in text.AsSpan(0, at))
        {
            if (c == '\n')
                (row, column) = (row + 1, More.Length);
            else if (++column == width)
                (row, column) = (row + 1, 0);
        }
        return (row, column);
    }
}
