using System.Globalization;
using System.IO.Enumeration;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>Finds the files that paths and globs name, on this machine or in a bucket.</summary>
internal static class FileSelection
{
    /// <summary>Whether an argument of <c>pipe ingest</c> means files, not a pipeline.</summary>
    public static bool IsFile(string argument) =>
        argument.Contains('/', StringComparison.Ordinal) || argument.Contains('.', StringComparison.Ordinal) || argument.AsSpan().ContainsAny('*', '?');

    /// <summary>The files, each once, in order of their names.</summary>
    /// <exception cref="UserError">Nothing is there, or it is a folder, or it is empty.</exception>
    public static async Task<IReadOnlyList<SourceFile>> FindAsync(IEnumerable<string> arguments, string workingFolder, Func<BucketUri, IObjectStore> open, CancellationToken cancel)
    {
        var found = new SortedDictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var before = found.Count;
            await foreach (var file in Find(argument, workingFolder, open, cancel))
                found[file.Uri] = file;
            if (found.Count == before && !found.ContainsKey(argument))
                throw new UserError($"no file matches `{argument}`") { Where = [("folder", workingFolder)], Hint = "check the path; quote a glob so that the shell does not expand it" };
        }
        foreach (var empty in found.Values.Where(file => file.Size == 0))
            throw new UserError($"`{Path.GetFileName(empty.Uri)}` is empty") { Where = [("file", empty.Uri)], Hint = "an empty file has no columns; leave it out, or write at least a header" };
        return [.. found.Values];
    }

    private static IAsyncEnumerable<SourceFile> Find(string argument, string workingFolder, Func<BucketUri, IObjectStore> open, CancellationToken cancel)
    {
        if (argument.StartsWith("s3://", StringComparison.Ordinal))
            return FindInBucket(argument, open, cancel);
        var path = Path.GetFullPath(argument.StartsWith("file://", StringComparison.Ordinal) ? argument["file://".Length..] : argument, workingFolder);
        return FindLocal(argument, path).ToAsyncEnumerable();
    }

    private static IEnumerable<SourceFile> FindLocal(string argument, string path)
    {
        if (Directory.Exists(path))
            throw new UserError($"`{argument}` is a folder") { Where = [("folder", path)], Hint = $"name the files in it: '{argument.TrimEnd('/')}/*.csv'", ExitCode = ExitCode.Usage };
        // a file may have [ or * in its name
        if (File.Exists(path))
            return [Local(path)];
        if (!path.AsSpan().ContainsAny('*', '?'))
            throw new UserError($"there is no file `{argument}`") { Where = [("file", path)] };
        var root = path[..path.AsSpan()[..path.AsSpan().IndexOfAny('*', '?')].LastIndexOf('/')];
        if (!Directory.Exists(root.Length == 0 ? "/" : root))
            return [];
        var pattern = path[(root.Length + 1)..];
        return new FileSystemEnumerable<string>(root.Length == 0 ? "/" : root, (ref FileSystemEntry entry) => entry.ToFullPath(),
                new EnumerationOptions { RecurseSubdirectories = pattern.Contains('/', StringComparison.Ordinal), AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        }
            .Where(file => Matches(pattern, file[(root.Length + 1)..])).Select(Local);
    }

    private static SourceFile Local(string path)
    {
        var file = new FileInfo(path);
        return new(path, file.Length, file.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture), file.LastWriteTimeUtc, path);
    }

    private static async IAsyncEnumerable<SourceFile> FindInBucket(string argument, Func<BucketUri, IObjectStore> open, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var rest = argument["s3://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == rest.Length - 1)
            throw new UserError($"`{argument}` names no object") { Hint = "write s3://bucket/folder/file.csv or 's3://bucket/folder/*.csv'", ExitCode = ExitCode.Usage };
        var (bucket, pattern) = ($"s3://{rest[..slash]}", rest[(slash + 1)..]);
        await using var store = open(BucketUri.Parse(bucket));
        if (await store.HeadAsync(pattern, cancel) is { } exact)
        {
            yield return new($"{bucket}/{exact.Key}", exact.Size, exact.ETag, exact.LastModified, null);
            yield break;
        }
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        if (wild < 0)
            throw new UserError($"there is no object `{argument}`") { Where = [("bucket", bucket)] };
        await foreach (var entry in store.ListAsync(pattern[..wild], null, cancel))
            if (Matches(pattern, entry.Key))
                yield return new($"{bucket}/{entry.Key}", entry.Size, entry.ETag, entry.LastModified, null);
    }

    // * and ? stay within a folder, ** goes through folders
    private static bool Matches(string pattern, string path)
    {
        var (patterns, parts) = (pattern.Split('/'), path.Split('/'));
        return Match(patterns, parts);

        static bool Match(ReadOnlySpan<string> patterns, ReadOnlySpan<string> parts)
        {
            if (patterns.IsEmpty)
                return parts.IsEmpty;
            if (patterns[0] == "**")
                return Match(patterns[1..], parts) || (!parts.IsEmpty && Match(patterns, parts[1..]));
            return !parts.IsEmpty && FileSystemName.MatchesSimpleExpression(patterns[0].Replace("\\", "\\\\", StringComparison.Ordinal), parts[0], ignoreCase: false) && Match(patterns[1..], parts[1..]);
        }
    }
}
