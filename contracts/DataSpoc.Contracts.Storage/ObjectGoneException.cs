namespace DataSpoc.Contracts.Storage;

/// <summary>
/// A file that a snapshot names is not there any more, or is another one now: a run has replaced the table meanwhile. It is the inner exception of the
/// <see cref="UserError"/> that says so; a reader may read the table's newest snapshot and try once more.
/// </summary>
/// <param name="key">The file: its key in the bucket, or its path on this machine.</param>
/// <param name="inner">What was met, or null.</param>
public sealed class ObjectGoneException(string key, Exception? inner = null) : Exception($"`{key}` is not what the snapshot says", inner)
{
    /// <summary>The file: its key in the bucket, or its path on this machine.</summary>
    public string Key => key;
}
