namespace Ml.Tests;

/// <summary>A folder of one test, deleted after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ml-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
