using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Ml.Registry;

/// <summary>A model as a user names it: <c>late</c>, <c>late@3</c>, <c>late@prod</c>.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">The version, where one was given.</param>
/// <param name="Alias">The alias, where one was given.</param>
internal sealed record ModelReference(string Model, int? Version, string? Alias)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="UserError">Not a model's name (<see cref="ExitCode.Usage"/>).</exception>
    public static ModelReference Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var model = Name.Require(at < 0 ? text : text[..at], "model");
        if (at < 0)
            return new(model, null, null);
        var which = text[(at + 1)..];
        if (int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return version >= 1 ? new(model, version, null) : throw Wrong(text);
        return Name.IsValid(which) ? new(model, null, which) : throw Wrong(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Version is { } version
        ? string.Create(CultureInfo.InvariantCulture, $"{Model}@{version}")
        : Alias is { } alias ? $"{Model}@{alias}" : Model;

    private static UserError Wrong(string text) => new($"`{text}` names no version of a model")
    {
        Hint = "write `late`, `late@3` or `late@prod`",
        ExitCode = ExitCode.Usage,
    };
}
