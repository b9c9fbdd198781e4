using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Platform.Declaration;

/// <summary>What is wrong with a declaration, all of it, so that a file is mended in one go.</summary>
internal sealed class Problems
{
    private readonly List<UserError> _errors = [];
    private readonly List<(string What, string? Hint)> _warnings = [];

    public IReadOnlyList<UserError> Errors => _errors;

    /// <summary>What is allowed but may not be meant.</summary>
    public IReadOnlyList<(string What, string? Hint)> Warnings => _warnings;

    public void Add(UserError error) => _errors.Add(error);

    public void Add<T>(Located<T> where, string what, string? hint = null) => _errors.Add(where.Wrong(what, hint));

    /// <summary>Once, however many buckets it is about.</summary>
    public void Warn(string what, string? hint = null)
    {
        if (!_warnings.Contains((what, hint)))
            _warnings.Add((what, hint));
    }
}
