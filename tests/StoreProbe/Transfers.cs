using System.Globalization;
using System.Security.Cryptography;
using DataSpoc.Contracts.Storage;

namespace StoreProbe;

/// <summary>Moves a large file to the store and back, and tells what that took of memory.</summary>
internal static class Transfers
{
    private const int Megabyte = 1_000_000;

    /// <summary>Prints <c>up</c> and <c>down</c>, each with the growth of the resident set at its peak in MB, and whether the bytes are the same.</summary>
    public static async Task MoveAsync(IObjectStore store, string key, int megabytes)
    {
        // the runtime and the SDK are not what is measured
        await MoveOnceAsync(store, key + ".small", 1, _ => { });
        await MoveOnceAsync(store, key, megabytes, Console.WriteLine);
    }

    private static async Task MoveOnceAsync(IObjectStore store, string key, int megabytes, Action<string> say)
    {
        var source = Path.Combine(store.ScratchFolder("probe"), "source");
        var written = await WriteAsync(source, megabytes);
        var up = new Peak();
        await store.PublishAsync(await store.StageAsync(key, "probe", source, default), default);
        say(string.Create(CultureInfo.InvariantCulture, $"up {up.Growth()}"));
        var target = Path.Combine(store.ScratchFolder("probe"), "target");
        var down = new Peak();
        await store.DownloadAsync(key, null, target, default);
        say(string.Create(CultureInfo.InvariantCulture, $"down {down.Growth()}"));
        await using (var file = File.OpenRead(target))
            say(Convert.ToHexString(await SHA256.HashDataAsync(file)) == written ? "same" : "different");
        File.Delete(target);
    }

    private static async Task<string> WriteAsync(string path, int megabytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.Create(path);
        var block = new byte[Megabyte];
        for (var i = 0; i < megabytes; i++)
        {
            new Random(i).NextBytes(block);
            hash.AppendData(block);
            await file.WriteAsync(block);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The resident set's peak since its making, over what was resident then.</summary>
    private sealed class Peak
    {
        private readonly long before;

        public Peak()
        {
            // 5: forget the peak so far (proc(5))
            File.WriteAllText("/proc/self/clear_refs", "5");
            before = Kilobytes("VmRSS:");
        }

        public long Growth() => (Kilobytes("VmHWM:") - before) / 1000;

        private static long Kilobytes(string field) => long.Parse(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Trim().Split(' ')[0],
            CultureInfo.InvariantCulture);
    }
}
