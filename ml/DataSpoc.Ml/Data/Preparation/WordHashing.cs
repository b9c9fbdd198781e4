using System.Text;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>Turns a text of few words into counts: each word, in lower case, falls into one of a fixed number of places by its hash.</summary>
internal static class WordHashing
{
    /// <summary>Counts words.</summary>
    /// <param name="utf8">The text. A word is a run of letters and digits.</param>
    /// <param name="destination">Places, and after them the number of words.</param>
    public static void Count(ReadOnlySpan<byte> utf8, Span<float> destination)
    {
        destination.Clear();
        var places = destination.Length - 1;
        Span<byte> word = stackalloc byte[64];
        var length = 0;
        while (true)
        {
            var ended = Rune.DecodeFromUtf8(utf8, out var rune, out var read) == System.Buffers.OperationStatus.NeedMoreData && read == 0;
            if (!ended && Rune.IsLetterOrDigit(rune))
            {
                // the rest of a very long word does not matter
                if (length + 4 <= word.Length)
                    length += Rune.ToLowerInvariant(rune).EncodeToUtf8(word[length..]);
            }
            else if (length > 0)
            {
                destination[(int)(RowHash.OfBytes(word[..length]) % (ulong)places)]++;
                destination[places]++;
                length = 0;
            }
            if (ended)
                return;
            utf8 = utf8[read..];
        }
    }
}
