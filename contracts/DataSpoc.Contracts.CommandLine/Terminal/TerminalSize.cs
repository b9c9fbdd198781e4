using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>The width of the terminal, asked of the kernel: asking the runtime's console would also set up the terminal's modes.</summary>
internal static class TerminalSize
{
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Columns of the terminal that stdout, or else stderr, is; null where neither is one.</summary>
    public static int? Columns()
    {
        if (!OperatingSystem.IsLinux())
            return OfRuntime();
        return Of(1) ?? Of(2);
    }

    private static int? Of(int descriptor)
    {
        var size = default(WindowSize);
        return SystemCalls.Control(descriptor, GetWindowSize, ref size) == 0 && size.Columns > 0 ? size.Columns : null;
    }

    private static int? OfRuntime()
    {
        try
        {
            return Console.IsOutputRedirected && Console.IsErrorRedirected ? null : Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

[StructLayout(LayoutKind.Sequential)]
internal struct WindowSize
{
    public ushort Rows;
    public ushort Columns;
    public ushort PixelsAcross;
    public ushort PixelsDown;
}
