namespace DataSpoc.Lens.Shell;

/// <summary>The text that is being written in the shell, perhaps of several lines, and the place where the next letter goes. What has been written before can be brought back.</summary>
internal sealed class LineBuffer(IReadOnlyList<string> history)
{
    private int _recalled = history.Count;
    private string _draft = "";

    public string Text { get; private set; } = "";

    /// <summary>From 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Replaces what stands before the cursor from <paramref name="start"/> on.</summary>
    public void Complete(int start, string text)
    {
        Text = Text[..start] + text + Text[Cursor..];
        Cursor = start + text.Length;
    }

    public void Backspace()
    {
        if (Cursor > 0)
            (Text, Cursor) = (Text.Remove(Cursor - 1, 1), Cursor - 1);
    }

    public void Delete()
    {
        if (Cursor < Text.Length)
            Text = Text.Remove(Cursor, 1);
    }

    public void Left() => Cursor = Math.Max(0, Cursor - 1);

    public void Right() => Cursor = Math.Min(Text.Length, Cursor + 1);

    public void Home() => Cursor = LineStart;

    public void End() => Cursor = LineEnd;

    public void DeleteToStart() => (Text, Cursor) = (Text.Remove(LineStart, Cursor - LineStart), LineStart);

    public void DeleteToEnd() => Text = Text.Remove(Cursor, LineEnd - Cursor);

    public void DeleteWord()
    {
        var start = Cursor;
        while (start > 0 && char.IsWhiteSpace(Text[start - 1]))
            start--;
        while (start > 0 && !char.IsWhiteSpace(Text[start - 1]))
            start--;
        (Text, Cursor) = (Text.Remove(start, Cursor - start), start);
    }

    /// <summary>A line up, or on the first line to what was written before.</summary>
    public void Up()
    {
        if (LineStart > 0)
            MoveTo(LineStart - 1);
        else if (_recalled > 0)
        {
            if (_recalled == history.Count)
                _draft = Text;
            Set(history[--_recalled]);
        }
    }

    /// <summary>A line down, or on the last line to what was written after.</summary>
    public void Down()
    {
        if (LineEnd < Text.Length)
            MoveTo(LineEnd + 1);
        else if (_recalled < history.Count)
            Set(++_recalled == history.Count ? _draft : history[_recalled]);
    }

    private int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is var end and >= 0 ? end : Text.Length;

    // to the same column of the line that holds a place
    private void MoveTo(int place)
    {
        var column = Cursor - LineStart;
        Cursor = place;
        Cursor = Math.Min(LineStart + column, LineEnd);
    }
}
