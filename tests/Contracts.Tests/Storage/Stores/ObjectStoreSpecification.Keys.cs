using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

public abstract partial class ObjectStoreSpecification
{
    public static TheoryData<string> HostileKeys =>
    [
        "", "/", "/etc/passwd", "..", "../x", "raw/../../x", "raw/..", "./x", "raw/./x", "raw//x", "raw/x/", "\\\\host\\x",
        "raw\\..\\x", "raw/\0x", "raw/\nx", "raw/\u007fx", "raw/\ud800x", new string('x', 256), string.Join('/', Enumerable.Repeat("xxxxxxx", 129)),
    ];

    [Theory]
    [MemberData(nameof(HostileKeys))]
    public async Task AnyCall_AHostileKey_IsRefusedBeforeAnythingIsTouched(string key)
    {
        var local = Path.Combine(LocalFolder, "local");
        await File.WriteAllTextAsync(local, "x", Cancel);

        await Refused(() => Store.GetAsync(key, Cancel));
        await Refused(() => Store.HeadAsync(key, Cancel));
        await Refused(() => Store.ReadAsync(key, 0, new byte[1], null, Cancel));
        await Refused(() => Store.PutAsync(key, "x"u8.ToArray(), WriteCondition.None, Cancel));
        await Refused(() => Store.PutAsync(key, "x"u8.ToArray(), WriteCondition.Absent, Cancel));
        await Refused(() => Store.DeleteAsync(["raw/ok", key], Cancel));
        await Refused(() => Store.StageAsync(key, RunId, local, Cancel));
        await Refused(() => Store.PublishAsync(new(key, 1, "upload", ["etag"], $".dataspoc/staging/{RunId}/staged/{key}"), Cancel));
        if (key.Length > 0)
            await Refused(async () => await Store.ListAsync(key + "/", null, Cancel).FirstOrDefaultAsync(Cancel));
        Assert.True(File.Exists(local));
        Assert.Empty(await Keys());
    }

    private static async Task Refused(Func<Task> act) =>
        Assert.Contains("cannot be a ", (await Refuses(act)).What, StringComparison.Ordinal);
}
