using System.Diagnostics;
using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>A process that was run to its end.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="PeakBytes">Its resident memory at most, as the kernel counted it.</param>
/// <param name="Output">Its stdout.</param>
internal sealed record Measured(double Seconds, long PeakBytes, string Output)
{
    /// <summary>Files and pipes it had open at most, looked at every few milliseconds.</summary>
    public int PeakFiles { get; private init; }

    /// <summary>Runs a command and measures it.</summary>
    /// <param name="program">Found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">A file for its stdin, or null.</param>
    public static Task<Measured> RunAsync(string program, IEnumerable<string> arguments, string? input = null) => EndsAsync(0, program, arguments, input);

    /// <summary>Runs a command that ends with an exit code, and measures it.</summary>
    public static async Task<Measured> EndsAsync(int exitCode, string program, IEnumerable<string> arguments, string? input = null)
    {
        // the shell only opens the file: what is measured is the program itself
        var start = input is null ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" < \"$BENCH_INPUT\"", program, .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["BENCH_INPUT"] = input;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (peak, files) = (0L, 0);
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
            (peak, files) = (Math.Max(peak, HighWater(process.Id)), Math.Max(files, OpenFiles(process.Id)));
        var seconds = clock.Elapsed.TotalSeconds;
        return process.ExitCode == exitCode ? new(seconds, peak, await output) { PeakFiles = files } : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }

    /// <summary>The fastest of several runs: what the machine can do when nothing disturbs it.</summary>
    public static async Task<Measured> FastestAsync(int runs, Func<int, Task<Measured>> run)
    {
        Measured? best = null;
        for (var i = 0; i < runs; i++)
            best = Faster(best, await run(i));
        return best!;
    }

    /// <summary>The faster of two.</summary>
    public static Measured Faster(Measured? one, Measured other) => one is not null && one.Seconds <= other.Seconds ? one : other;

    /// <summary>Bare DuckDB: the statement alone, in a database that is open already.</summary>
    public static double DuckDb(string sql, int runs)
    {
        using var database = Database.Open(new() { MemoryLimit = "4GB" });
        using var connection = database.Connect();
        var best = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            using (var result = connection.Query(sql))
                while (result.NextChunk())
                    continue;
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return best;
    }

    private static int OpenFiles(int process)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;
        }
        catch (IOException)
        {
            // it has just ended
            return 0;
        }
    }

    /// <summary>The resident memory of a process at most, as the kernel counted it; 0 where it has ended.</summary>
    public static long HighWater(int process)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{process}/status"))
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            // it has just ended
            return 0;
        }
        return 0;
    }
}
