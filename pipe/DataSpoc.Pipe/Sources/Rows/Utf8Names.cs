using System.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>Finds names by their UTF-8 bytes, without making strings. Names are added in order and numbered from 0.</summary>
internal sealed class Utf8Names
{
    private readonly List<byte[]> names = [];
    private int[] slots = new int[16];

    public int Count => names.Count;

    public ReadOnlySpan<byte> this[int number] => names[number];

    /// <summary>Adds a name that is not there yet; its number.</summary>
    public int Add(ReadOnlySpan<byte> name)
    {
        names.Add(name.ToArray());
        if (names.Count * 2 > slots.Length)
        {
            slots = new int[slots.Length * 2];
            for (var i = 0; i < names.Count; i++)
                Place(i);
        }
        else
            Place(names.Count - 1);

        return names.Count - 1;
    }

    public int Add(string name) => Add(Encoding.UTF8.GetBytes(name));

    /// <summary>The number of a name, or −1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (var slot = Hash(name); ; slot++)
        {
            var number = slots[slot & (uint)(slots.Length - 1)] - 1;
            if (number < 0 || name.SequenceEqual(names[number]))
                return number;
        }
    }

    private void Place(int number)
    {
        var slot = Hash(names[number]) & (uint)(slots.Length - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (uint)(slots.Length - 1);

        slots[slot] = number + 1;
    }

    /// <summary>FNV-1a.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261;
        foreach (var b in name)
            hash = (hash ^ b) * 16777619;

        return hash ^ (hash >> 15);
    }
}
