namespace DataSpoc.Platform.Deployment;

/// <summary>A server that runs as a process of its own.</summary>
internal interface IServingProcess : IDisposable
{
    int Id { get; }

    /// <summary>Its exit code, once it has ended; 128 + signal where it was killed.</summary>
    Task<int> Ended { get; }

    /// <summary>Whether it answers a path with 200, soon.</summary>
    Task<bool> AnswersAsync(string path, CancellationToken cancel);

    /// <summary>Asks it to end; what it is about is finished first.</summary>
    void Terminate();

    /// <summary>Ends it.</summary>
    void Kill();
}
