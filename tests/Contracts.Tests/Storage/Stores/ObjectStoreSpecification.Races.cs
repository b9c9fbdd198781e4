using System.Globalization;
using System.Text;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    private const int Writers = 8;

    [Fact]
    public async Task Put_IfAbsentByEightWritersOnOneHundredKeys_HasExactlyOneWinnerEach()
    {
        var rounds = Rounds(100);
        var stores = Enumerable.Range(0, Writers).Select(_ => Fresh()).ToArray();
        var won = new List<int>[rounds];
        for (var i = 0; i < rounds; i++)
            won[i] = [];

        await Times(Writers, async writer =>
        {
            for (var i = 0; i < rounds; i++)
            {
                var (key, mine) = ($"t/_delta_log/{i:D20}.json", $"writer {writer}");
                var answer = await stores[writer].PutAsync(key, Encoding.UTF8.GetBytes(mine), WriteCondition.Absent, Cancel);
                if (answer is not null || await Get(stores[writer], key) == mine)
                    lock (won[i])
                        won[i].Add(writer);
            }
        });

        for (var i = 0; i < rounds; i++)
            Assert.Equal($"writer {Assert.Single(won[i])}", await Get($"t/_delta_log/{i:D20}.json"));
    }

    [Fact]
    public async Task Put_ACounterByCompareAndSwapOfEightWriters_LosesNoIncrement()
    {
        var rounds = Rounds(200);
        var stores = Enumerable.Range(0, Writers).Select(_ => Fresh()).ToArray();

        await Times(Writers, async writer =>
        {
            for (var i = 0; i < rounds; i++)
                await IncrementAsync(stores[writer], ".dataspoc/manifest.json", $"{writer}/{i}");
        });

        Assert.Equal(Writers * rounds, CountOf(await Get(".dataspoc/manifest.json")));
    }

    /// <summary>Adds one, under a name that tells our own write from another's of the same number when its answer is lost.</summary>
    private static async Task IncrementAsync(IObjectStore store, string key, string name)
    {
        while (true)
        {
            var read = await store.GetAsync(key, Cancel);
            var text = read is null ? null : Encoding.UTF8.GetString(read.Bytes.Span);
            // a lost answer whose write another has built upon already: the names since then tell
            if (text?.Split('|')[1].Split(',').Contains(name) == true)
                return;
            var names = text is null ? name : string.Join(',', text.Split('|')[1].Split(',').TakeLast(200).Append(name));
            var next = string.Create(CultureInfo.InvariantCulture, $"{CountOf(text) + 1}|{names}");
            if (await store.PutAsync(key, Encoding.UTF8.GetBytes(next), WriteCondition.Unchanged(read?.Metadata.ETag), Cancel) is not null)
                return;
        }
    }

    private static int CountOf(string? text) => text is null ? 0 : int.Parse(text.Split('|')[0], CultureInfo.InvariantCulture);
}
