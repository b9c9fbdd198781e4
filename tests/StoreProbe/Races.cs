using System.Globalization;
using System.Text;
using DataSpoc.Contracts.Storage;

namespace StoreProbe;

/// <summary>One of several writers.</summary>
internal static class Races
{
    /// <summary>Adds one to a number, again and again, by compare-and-swap.</summary>
    public static async Task CountAsync(IObjectStore store, string key, string name, int rounds)
    {
        for (var i = 0; i < rounds;)
        {
            var read = await store.GetAsync(key, default);
            var count = read is null ? 0 : int.Parse(Encoding.UTF8.GetString(read.Bytes.Span).Split(' ')[0], CultureInfo.InvariantCulture);
            var next = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{count + 1} {name}"));
            if (await store.PutAsync(key, next, WriteCondition.Unchanged(read?.Metadata.ETag), default) is not null)
                i++;
        }
    }

    /// <summary>Tries to be the first at each of many keys, and prints those it won.</summary>
    public static async Task CreateAsync(IObjectStore store, string prefix, string name, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{prefix}/{i:D20}.json");
            if (await store.PutAsync(key, Encoding.UTF8.GetBytes(name), WriteCondition.Absent, default) is not null)
                Console.WriteLine(key);
        }
    }
}
