using DataSpoc.Contracts;

namespace DataSpoc.Platform.Deployment;

/// <summary>Finds the program <c>ml</c>: by <c>PLATFORM_ML</c>, beside this program, or on <c>PATH</c>.</summary>
internal static class MlProgram
{
    /// <summary>Its path.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static string Find(Func<string, string?> variable)
    {
        if (variable("PLATFORM_ML") is { Length: > 0 } chosen)
            return File.Exists(chosen) ? chosen : throw Missing(("PLATFORM_ML", chosen));
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory);
        return folders.Select(static folder => Path.Combine(folder, "ml")).FirstOrDefault(File.Exists) ?? throw Missing(("looked for", "PLATFORM_ML, beside platform, and on PATH"));
    }

    private static UserError Missing((string, string) where) => new("the program `ml` is not installed") { Where = [where], Hint = "dotnet tool install --global DataSpoc.Ml, or say where it is with PLATFORM_ML" };
}
