using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Buckets;

/// <summary><c>lens bucket add|list|remove</c>: the buckets of <c>lens.yaml</c>. <c>lens add-bucket</c> is the first, as DataSpoc called it.</summary>
internal static class BucketCommand
{
    public static ToolCommand Create() => new("bucket", "Keep the buckets that you work with in lens.yaml")
    {
        Add("add", "lens bucket add s3://company-bronze --name bronze"),
        new ToolCommand("list", "Show the buckets of lens.yaml") { Example = "lens bucket list", Handler = ListAsync },
        Remove(),
    };

    /// <summary>The command that adds one.</summary>
    public static ToolCommand Add(string verb, string example)
    {
        var uri = new Argument<string>("uri") { Description = "file:///folder or s3://bucket, perhaps with a prefix", HelpName = "URI" };
        var name = new Option<string?>("--name") { Description = "Its name in SQL; by default the bucket's own", HelpName = "NAME" };
        var isDefault = new Option<bool>("--default") { Description = "Look for raw.orders here" };
        return new(verb, "Add a bucket to lens.yaml")
        {
            Example = example,
            Handler = context => AddAsync(context, context.Value(uri)!, context.Value(name), context.Value(isDefault)),
            Arguments = { uri },
            Options = { name, isDefault },
        };
    }

    private static ToolCommand Remove()
    {
        var name = new Argument<string>("name") { Description = "Its name in lens.yaml", HelpName = "NAME" };
        return new("remove", "Take a bucket out of lens.yaml; the bucket itself stays as it is")
        {
            Example = "lens bucket remove bronze",
            Handler = context => RemoveAsync(context, context.Value(name)!),
            Arguments = { name },
        };
    }

    private static async Task<ExitCode> AddAsync(CommandContext context, string given, string? name, bool isDefault)
    {
        var uri = BucketUri.Parse(given.Contains("://", StringComparison.Ordinal) ? given : context.Environment.FullPath(given));
        var called = name ?? BucketName.Of(uri);
        if (!Name.IsValid(called) || BucketName.IsTaken(called))
            throw new UserError($"`{called}` cannot be the name of a bucket") { Hint = "take 1 to 128 of a-z, 0-9, _ and -, and no name of a layer: --name NAME", ExitCode = ExitCode.Usage };
        if (context.Project.Load<LensConfiguration>().Buckets.TryGetValue(called, out var known))
            throw new UserError($"there is a bucket `{called}` already") { Where = [("bucket", known.Value)], Hint = "choose another name with `--name`, or remove that one first", ExitCode = ExitCode.Usage };
        var tables = await CountAsync(new(called, ObjectStores.Open(uri)), context.Cancel);
        var file = new ProjectFile(context.Project.MainFile);
        file.Change(text => BucketsInFile.Add(isDefault && !text.Contains("\ndefault:", StringComparison.Ordinal) && !text.StartsWith("default:", StringComparison.Ordinal) ? text.TrimEnd('\n') + $"\ndefault: {called}\n" : text, called, uri.ToString()));
        context.Messages.Success($"`{called}` is {uri}, with {Quantity.Count(tables, "table")}; kept in {file.Path}");
        return ExitCode.Done;
    }

    private static Task<ExitCode> ListAsync(CommandContext context)
    {
        var configuration = context.Project.Load<LensConfiguration>();
        if (configuration.Buckets.Count == 0)
            context.Messages.Info($"{context.Project.MainFile} names no buckets; `lens bucket add URI` adds one");
        using var rows = context.Rows([new("name"), new("uri"), new("default", RowColumnKind.Boolean)]);
        foreach (var (name, uri) in configuration.Buckets.OrderBy(bucket => bucket.Key, StringComparer.Ordinal))
            rows.WriteRow(name, uri.Value, configuration.Default?.Value == name);
        rows.Complete();
        return Task.FromResult(ExitCode.Done);
    }

    private static Task<ExitCode> RemoveAsync(CommandContext context, string name)
    {
        var configuration = context.Project.Load<LensConfiguration>();
        if (!configuration.Buckets.ContainsKey(name))
            throw new UserError($"there is no bucket `{name}` in {context.Project.MainFile}")
            {
                Hint = NearestName.Of(name, configuration.Buckets.Keys) is { } near ? $"did you mean `{near}`?" : "`lens bucket list` shows them",
                ExitCode = ExitCode.Usage,
            };
        if (configuration.Default is { } preferred && preferred.Value == name)
            throw preferred.Wrong($"`{name}` is the default bucket", "take `default` out of lens.yaml first");
        new ProjectFile(context.Project.MainFile).Change(text => BucketsInFile.Remove(text, name));
        context.Messages.Success($"`{name}` is no longer in {context.Project.MainFile}");
        return Task.FromResult(ExitCode.Done);
    }

    // a bucket that cannot be reached is not worth keeping: say so now
    private static async Task<int> CountAsync(NamedBucket bucket, CancellationToken cancel)
    {
        await using var store = bucket.Store;
        return (await bucket.Catalog.ListAsync(cancel)).Count;
    }
}
