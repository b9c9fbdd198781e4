using System.Diagnostics;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.MlGateway;

/// <summary>Finds the program <c>ml</c>: by <c>LENS_ML</c>, beside this program, or on <c>PATH</c>.</summary>
internal static class MlProgram
{
    /// <summary>Its path.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static string Find(Func<string, string?> variable)
    {
        if (variable("LENS_ML") is { Length: > 0 } chosen)
            return File.Exists(chosen) ? chosen : throw Missing(("LENS_ML", chosen));
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory);
        return folders.Select(folder => Path.Combine(folder, "ml")).FirstOrDefault(File.Exists) ?? throw Missing(("looked for", "LENS_ML, beside lens, and on PATH"));
    }

    /// <summary>What it says with <c>--version</c>, or null where it says nothing of the kind.</summary>
    public static async Task<Version?> VersionAsync(string program, CancellationToken cancel)
    {
        using var asked = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
        if (asked is null)
            return null;
        var said = await asked.StandardOutput.ReadToEndAsync(cancel);
        await asked.WaitForExitAsync(cancel);
        return Version.TryParse(said.Trim().Split(' ')[^1].Split('-', '+')[0], out var version) ? version : null;
    }

    private static UserError Missing((string, string) where) => new("the program `ml` is not installed") { Where = [where], Hint = "dotnet tool install --global DataSpoc.Ml, or say where it is with LENS_ML" };
}
