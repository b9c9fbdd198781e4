using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using DataSpoc.Contracts;

namespace DataSpoc.Ml.Serving;

/// <summary>
/// Finds ASP.NET Core, which only serving needs: a machine that trains and predicts does with the plain .NET runtime. So `ml` does not ask for it when it starts, and says
/// clearly where it is missing.
/// </summary>
internal static class AspNetRuntime
{
    /// <summary>Names another folder with the assemblies; only that one is looked into then.</summary>
    public const string FolderVariable = "DATASPOC_ASPNETCORE";

    private const string Framework = "Microsoft.AspNetCore.App";
    private const string Probe = "Microsoft.AspNetCore";

    /// <summary>Makes its assemblies known. Call it before any method that uses one of them.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="UserError">It is not there.</exception>
    public static void Require(Func<string, string?> variable)
    {
        var named = variable(FolderVariable);
        // a program that brings it, such as a self-contained one
        if (named is null && IsKnown())
            return;
        var folder = named ?? Newest(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", Framework)), Environment.Version.Major);
        if (folder is null || !File.Exists(Path.Combine(folder, $"{Probe}.dll")))
            throw new UserError("ASP.NET Core is missing: `ml serve` needs it, the other commands do not")
            {
                Where = [("looked for", folder ?? $"{Framework} {Environment.Version.Major}.x beside {RuntimeEnvironment.GetRuntimeDirectory()}")],
                Hint = $"install the ASP.NET Core runtime {Environment.Version.Major} (apt-get install aspnetcore-runtime-{Environment.Version.Major}.0), or use an image that has it (mcr.microsoft.com/dotnet/aspnet)",
            };
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, $"{name.Name}.dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }

    private static bool IsKnown()
    {
        try
        {
            return Assembly.Load(Probe) is not null;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    // of this major version, the last that is installed
    private static string? Newest(string installed, int major) => !Directory.Exists(installed) ? null : Directory.GetDirectories(installed)
        .Select(folder => (Folder: folder, Version: Version.TryParse(Path.GetFileName(folder), out var version) ? version : null))
        .Where(found => found.Version?.Major == major).OrderByDescending(found => found.Version).Select(found => found.Folder).FirstOrDefault();
}
