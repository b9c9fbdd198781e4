using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Deployment;

/// <summary>A model that is to answer somewhere.</summary>
/// <param name="Reference">What is served: <c>late@prod</c>.</param>
/// <param name="Shadow">What is asked beside, or null.</param>
/// <param name="Bucket">Where it lies.</param>
/// <param name="Log">Whether answered rows are kept in the bucket.</param>
/// <param name="Lake">The lake's name; the bucket's where no <c>platform.yaml</c> says one.</param>
/// <param name="Settings">The section <c>deploy</c>.</param>
internal sealed record ModelDeployment(ServedModel Reference, ServedModel? Shadow, BucketUri Bucket, bool Log, string Lake, DeclaredDeployment Settings)
{
    /// <summary>The feature views that the model looks up; who may read them is said with the model's role.</summary>
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>The port inside a container.</summary>
    public const int Port = 8080;

    /// <summary>The arguments of <c>ml</c>.</summary>
    public IReadOnlyList<string> Arguments(string host, int port) =>
    [
        "serve", "--model", Reference.ToString(), "--bucket", Bucket.ToString(), "--host", host, "--port", port.ToString(CultureInfo.InvariantCulture),
        .. Shadow is null ? Array.Empty<string>() : ["--shadow", Shadow.ToString()],
        .. Log ? ["--log"] : Array.Empty<string>(),
    ];
}

/// <summary>A model by its alias or version: <c>late@prod</c>, <c>late@3</c>.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Which">An alias or a number.</param>
internal sealed record ServedModel(string Model, string Which)
{
    /// <exception cref="UserError">It is none (<see cref="ExitCode.Usage"/>).</exception>
    public static ServedModel Parse(string text)
    {
        if (text.Split('@') is not [var model, var which])
            throw new UserError($"`{text}` does not say which version of a model is meant") { Hint = "write `late@prod`, which follows the alias, or `late@3`", ExitCode = ExitCode.Usage };
        return new(Name.Require(model, "model"), Name.Require(which, "alias"));
    }

    public override string ToString() => $"{Model}@{Which}";
}
