using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Contracts.Transforms;

/// <summary>A transform and what it reads.</summary>
/// <param name="Transform">The transform.</param>
/// <param name="Inputs">The tables its SELECT names, as it names them.</param>
/// <param name="Needs">The transforms that make an input, or a table that a check looks into.</param>
public sealed record PlannedTransform(Transform Transform, IReadOnlyList<TableName> Inputs, IReadOnlyList<Transform> Needs)
{
    /// <summary>The transforms among <see cref="Needs"/> by the name of the input they make.</summary>
    internal IReadOnlyDictionary<TableName, Transform> Makers { get; init; } = new Dictionary<TableName, Transform>();

    /// <summary>The input of which only what is new is read; null where all is.</summary>
    internal TableName? Incremental { get; init; }
}

/// <summary>In which order transforms run: each after those that make what it reads.</summary>
public static class TransformOrder
{
    /// <summary>Orders by references; transforms that do not depend on each other keep their order.</summary>
    /// <param name="transforms">All transforms of a project.</param>
    /// <param name="connection">Parses their SQL; nothing is run.</param>
    /// <exception cref="UserError">A SELECT cannot be parsed, transforms read each other in a circle, or it is not clear which input is incremental.</exception>
    public static IReadOnlyList<PlannedTransform> Of(IReadOnlyList<Transform> transforms, Connection connection)
    {
        var planned = transforms.ToDictionary(transform => transform, transform => Plan(transform, transforms, connection));
        var ordered = new List<PlannedTransform>();
        var done = new HashSet<Transform>();
        foreach (var transform in transforms)
            Visit(transform, []);
        return ordered;

        void Visit(Transform transform, List<Transform> path)
        {
            if (done.Contains(transform))
                return;
            var circle = path.IndexOf(transform);
            path.Add(transform);
            if (circle >= 0)
                throw Wrong(transform, $"transforms read each other in a circle: {string.Join(" reads ", path.Skip(circle).Select(step => $"`{step.Location.SqlName}`"))}", null);
            foreach (var need in planned[transform].Needs)
                Visit(need, path);
            path.RemoveAt(path.Count - 1);
            done.Add(transform);
            ordered.Add(planned[transform]);
        }
    }

    private static PlannedTransform Plan(Transform transform, IReadOnlyList<Transform> all, Connection connection)
    {
        var inputs = Names(transform, connection);
        var makers = new Dictionary<TableName, Transform>();
        foreach (var name in inputs.Concat(transform.Checks.Select(check => check.Reference).OfType<TableName>()).Distinct())
            if (MakerOf(name, transform, all) is { } maker)
                makers[name] = maker;
        return new(transform, inputs, [.. makers.Values.Distinct()]) { Makers = makers, Incremental = Incremental(transform, inputs) };
    }

    private static TableName[] Names(Transform transform, Connection connection)
    {
        try
        {
            return [.. connection.TableNames(transform.Sql).Select(TableName.Parse).OfType<TableName>()];
        }
        catch (DuckDbException error)
        {
            throw new UserError($"`{transform.Location.SqlName}` is not one SELECT", error) { Where = [("file", transform.File), ("reason", error.Message.Split('\n')[0])], ExitCode = ExitCode.Usage };
        }
    }

    /// <summary>By its full name; a bare name is what CREATE TABLE named, or else the only table called so.</summary>
    private static Transform? MakerOf(TableName name, Transform reader, IReadOnlyList<Transform> all)
    {
        if (name.Bucket is not null)
            return null;
        if (name.Schema is not null)
            return all.FirstOrDefault(transform => transform.Location.SqlName.Equals($"{name.Schema}.{name.Name}", StringComparison.OrdinalIgnoreCase));
        var called = all.Where(transform => transform != reader && transform.Location.Table.Equals(name.Name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return called.Where(transform => transform.IsNamed).ToArray() is [var named] ? named
            : called.Length < 2 ? called.FirstOrDefault() ?? all.FirstOrDefault(transform => transform.Location.SqlTable.Equals(name.Name, StringComparison.OrdinalIgnoreCase))
            : throw Wrong(reader, $"`{reader.Location.SqlName}` reads `{name}`, which may be several tables", $"write {string.Join(" or ", called.Select(transform => transform.Location.SqlName))}");
    }

    private static TableName? Incremental(Transform transform, TableName[] inputs)
    {
        if (transform.Mode == TransformMode.Overwrite)
            return null;
        return transform.Incremental is { } named
            ? inputs.FirstOrDefault(input => input.ToString().Equals(named.ToString(), StringComparison.OrdinalIgnoreCase))
                ?? throw Wrong(transform, $"`{transform.Location.SqlName}` does not read `{named}`, which is to be its incremental input", $"it reads {string.Join(", ", inputs.Select(input => $"`{input}`"))}")
            : inputs is [var only] ? only
            : throw Wrong(transform, $"`{transform.Location.SqlName}` reads {inputs.Length} tables, and it is not said which of them is read incrementally", "add `-- incremental: raw.shop_orders`, or leave the mode out");
    }

    private static UserError Wrong(Transform transform, string what, string? hint) => new(what) { Where = [("file", transform.File)], Hint = hint, ExitCode = ExitCode.Usage };
}
