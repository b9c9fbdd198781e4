using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Data;

/// <summary>A part of a <see cref="FloatTable"/>: an array, or a mapped file. The map ends with the block.</summary>
internal sealed unsafe class FloatBlock
{
    private readonly float[]? _array;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly float* _start;

    private FloatBlock(float[] array) => _array = array;

    private FloatBlock(MemoryMappedViewAccessor view)
    {
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = (float*)(start + view.PointerOffset);
    }

    /// <summary>Whether it lies in a file.</summary>
    public bool IsMapped => _view is not null;

    /// <summary>Values in memory, of any content.</summary>
    public static FloatBlock InMemory(int values) => new(GC.AllocateUninitializedArray<float>(values));

    /// <summary>Values in a file that has no name any more, and is gone when the process ends, however it ends. Its room on the disk is taken at once.</summary>
    /// <exception cref="UserError">There is no room, or the folder cannot be written to.</exception>
    public static FloatBlock Mapped(int values, string folder)
    {
        try
        {
            return MappedFile(values, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the rows do not fit into memory, and {folder} does not take them", error)
            {
                Where = [("reason", error.Message)],
                Hint = "name another folder by TMPDIR, or learn from a part of the rows with `--sample`",
            };
        }
    }

    private static FloatBlock MappedFile(int values, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"matrix-{Guid.NewGuid():N}");
        var bytes = (long)values * sizeof(float);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, PreallocationSize = bytes, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        File.Delete(path);
        using var map = MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        return new(map.CreateViewAccessor(0, bytes));
    }

    /// <summary>Some of the values. The block must be referenced while they are used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<float> Span(int from, int length) => _array is { } array ? array.AsSpan(from, length) : new(_start + from, length);
}
