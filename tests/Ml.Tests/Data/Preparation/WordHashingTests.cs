using System.Text;
using DataSpoc.Ml.Data.Preparation;
using Xunit;

namespace Ml.Tests.Data.Preparation;

public sealed class WordHashingTests
{
    private static float[] Count(string text)
    {
        var features = new float[33];
        WordHashing.Count(Encoding.UTF8.GetBytes(text), features);
        return features;
    }

    [Theory]
    [InlineData("Broken glass", "glass, BROKEN!")]
    [InlineData("Straße 7", "STRAßE-7")]
    [InlineData("Ünder-taker", "taker ünder")]
    public void Count_SameWords_AreTheSameFeatures(string one, string other) => Assert.Equal(Count(one), Count(other));

    [Fact]
    public void Count_Words_AreCounted()
    {
        Assert.Equal(3, Count("late late parcel")[^1]);
        Assert.Equal(3, Count("late late parcel")[..^1].Sum());
        Assert.NotEqual(Count("late parcel"), Count("early parcel"));
        Assert.All(Count(" -- "), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Count_AnyBytes_Ends()
    {
        var features = new float[33];
        WordHashing.Count([0xC3, 0x28, 0xFF, (byte)'a', 0xE2, 0x82], features);
        Assert.Equal(2, features[^1] + 1);
        WordHashing.Count(Encoding.UTF8.GetBytes(new string('x', 100_000)), features);
        Assert.Equal(1, features[^1]);
    }
}
