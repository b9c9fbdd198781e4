using System.Diagnostics;
using System.Runtime.InteropServices;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Shell;

/// <summary>
/// What is written to the terminal, page by page: what fits goes straight there, what does not goes through the person's pager (<c>$PAGER</c>, or less, which lets wide
/// lines be moved aside and leaves the page on the screen).
/// </summary>
/// <param name="terminal">Where it goes without a pager.</param>
/// <param name="command">The pager, for the system's shell.</param>
/// <param name="height">Lines that fit.</param>
internal sealed class Pager(Stream terminal, string command, int height) : Stream
{
    private readonly MemoryStream _first = new();
    private Process? _pager;
    private PosixSignalRegistration? _interrupts;
    private int _lines;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The person's pager; null where there is none, or none is wanted (<c>PAGER=</c>, <c>PAGER=cat</c>).</summary>
    public static string? CommandOf(Func<string, string?> variable)
    {
        if (variable("PAGER") is { } chosen)
            return string.IsNullOrWhiteSpace(chosen) || chosen.Trim() == "cat" ? null : chosen;
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => File.Exists(Path.Combine(folder, "less"))) ? "less" : null;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_pager is null)
        {
            _first.Write(buffer);
            _lines += buffer.Count((byte)'\n');
            if (_lines < height)
                return;
            _pager = Start();
            buffer = _first.GetBuffer().AsSpan(0, (int)_first.Length);
        }
        try
        {
            _pager.StandardInput.BaseStream.Write(buffer);
        }
        catch (IOException)
        {
            // the person has seen enough
            throw new BrokenPipeException();
        }
    }

    // what may still fit is held back
    public override void Flush()
    {
        try
        {
            _pager?.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            throw new BrokenPipeException();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Shows what fits, or waits until the person leaves the pager.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        if (_pager is null)
        {
            terminal.Write(_first.GetBuffer().AsSpan(0, (int)_first.Length));
            terminal.Flush();
        }
        else
        {
            try
            {
                _pager.StandardInput.Close();
            }
            catch (IOException)
            {
                // it has ended already
            }
            _pager.WaitForExit();
            _pager.Dispose();
            _interrupts?.Dispose();
        }
        _first.Dispose();
        base.Dispose(disposing);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true };
        // Ctrl-C is the pager's: it stops its search, and the query where one still runs, but not the shell
        _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        // lines are cut, not folded; colours stay; what fits needs no key; the page stays on the screen
        if (!start.Environment.ContainsKey("LESS"))
            start.Environment["LESS"] = "SRFX";
        return Process.Start(start)!;
    }
}
