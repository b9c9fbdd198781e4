using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>The few calls of the C library that the runtime offers no equal of.</summary>
internal static class SystemCalls
{
    private const short Readable = 1, Writable = 4;

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint Write(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint Read(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Control(int descriptor, nuint request, ref WindowSize size);

    /// <summary>Ends the process at once: no handler, no destructor of a native library runs.</summary>
    public static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(code);
        Exit(code);
    }

    /// <summary>Whether bytes, or the end of input, are there within the time.</summary>
    public static bool WaitUntilReadable(int descriptor, int milliseconds)
    {
        var one = new PollDescriptor { Descriptor = descriptor, Events = Readable };
        return Poll(ref one, 1, milliseconds) > 0;
    }

    public static void WaitUntilWritable(int descriptor)
    {
        var one = new PollDescriptor { Descriptor = descriptor, Events = Writable };
        _ = Poll(ref one, 1, 1000);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int code);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
