using DataSpoc.Contracts;

namespace DataSpoc.Lens.Mcp;

/// <summary>What a command writes for an agent: at most so many bytes.</summary>
/// <param name="most">Bytes.</param>
internal sealed class BoundedOutput(long most) : MemoryStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Length + count > most)
            throw new UserError($"the answer is larger than {most / 1024} KiB") { Hint = "ask for fewer columns or rows, or for sums of them" };
        base.Write(buffer, offset, count);
    }
}
