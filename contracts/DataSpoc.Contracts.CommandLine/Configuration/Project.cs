using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>
/// The folder a tool's configuration lives in, with what lies over it: <c>&lt;tool&gt;.yaml</c>, then <c>env/&lt;name&gt;.yaml</c> (<c>--env</c>), then
/// <c>--set a.b=c</c>. The values of <c>pipelines/shop.yaml</c> are reached from the two upper layers as <c>pipelines.shop.…</c>.
/// </summary>
public sealed class Project
{
    private readonly CommandLineApp _app;
    private readonly CommandEnvironment _environment;
    private readonly VariableExpansion _variables;
    private readonly ConfigurationMapping _overlay;

    private Project(CommandLineApp app, CommandEnvironment environment, string folder, ConfigurationMapping overlay, VariableExpansion variables) =>
        (_app, _environment, Folder, _overlay, _variables) = (app, environment, folder, overlay, variables);

    /// <summary>Absolute; may not exist where nobody made it (<c>~/.dataspoc/&lt;tool&gt;</c>).</summary>
    public string Folder { get; }

    /// <summary>Whether it is a folder of DataSpoc 1.0.</summary>
    public bool IsFormer => Path.GetFileName(Folder) == _app.FormerHome && !File.Exists(Path.Combine(Folder, _app.Name + ".yaml"));

    /// <summary>The main file, <c>pipe.yaml</c>; may not exist.</summary>
    public string MainFile => Path.Combine(Folder, IsFormer ? "config.yaml" : _app.Name + ".yaml");

    /// <summary>A path inside the project, absolute.</summary>
    public string PathOf(params ReadOnlySpan<string> parts) => Path.GetFullPath(Path.Combine([Folder, .. parts]));

    /// <summary>The main file bound to a record; all defaults where there is no file.</summary>
    /// <exception cref="UserError">Not YAML, an unknown key, a wrong value, a missing variable: with file, line and column.</exception>
    public T Load<T>() where T : class => ConfigurationBinder.Bind<T>(Main());

    /// <summary>A file of a configuration folder bound to a record: <c>Load&lt;Pipeline&gt;("pipelines", "shop")</c>.</summary>
    /// <exception cref="UserError">There is no such file (the hint names the nearest), or as <see cref="Load{T}()"/>.</exception>
    public T Load<T>(string folder, string name) where T : class => ConfigurationBinder.Bind<T>(Member(folder, name));

    /// <summary>The names of a configuration folder's files, without <c>.yaml</c>, in order.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        var path = PathOf(folder);
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.yaml").Select(static f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The main file with everything that lies over it, for people to look at: values from the environment are masked.</summary>
    public JsonObject Effective() => (JsonObject)ConfigurationJson.From(Main(), mask: true)!;

    /// <summary>As <see cref="Effective()"/>, of a file of a configuration folder.</summary>
    public JsonObject Effective(string folder, string name) => (JsonObject)ConfigurationJson.From(Member(folder, name), mask: true)!;

    internal static Project Find(CommandLineApp app, CommandEnvironment environment, string? given, string? overlayName, IReadOnlyList<string> settings)
    {
        var folder = FindFolder(app, environment, given);
        var variables = new VariableExpansion(environment.Variable);
        var overlay = new ConfigurationMapping([], new("--set", 0, 0));
        if (overlayName is not null)
            overlay = overlay.With(ReadOverlay(environment, folder, overlayName, variables));
        foreach (var setting in settings)
            overlay = overlay.With(SettingOption.Parse(setting));
        var project = new Project(app, environment, folder, overlay, variables);
        project.CheckReach();
        return project;
    }

    private static string FindFolder(CommandLineApp app, CommandEnvironment environment, string? given)
    {
        if (given is not null)
        {
            var folder = environment.FullPath(given);
            return Directory.Exists(folder) ? folder : throw Wrong($"`{given}` is not a folder", [("option", "--project")], null);
        }
        if (IsProject(environment.WorkingFolder))
            return environment.WorkingFolder;
        var home = Path.Combine(environment.HomeFolder, ".dataspoc", app.Name);
        return app.FormerHome is { } former && Path.Combine(environment.HomeFolder, former) is var old && !IsProject(home) && Directory.Exists(old) ? old : home;

        bool IsProject(string at) => File.Exists(Path.Combine(at, app.Name + ".yaml")) || app.ConfigurationFolders.Concat(app.ProjectFolders).Any(f => Directory.Exists(Path.Combine(at, f)));
    }

    private static ConfigurationMapping ReadOverlay(CommandEnvironment environment, string folder, string name, VariableExpansion variables)
    {
        var path = Path.Combine(folder, "env", name + ".yaml");
        if (File.Exists(path))
            return YamlFile.Read(path, Shown(environment, path), variables);
        var known = Directory.Exists(Path.Combine(folder, "env"))
            ? Directory.EnumerateFiles(Path.Combine(folder, "env"), "*.yaml").Select(static f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToArray()
            : [];
        throw Wrong($"there is no `{Shown(environment, path)}`", [("option", $"--env {name}")], NearestName.Of(name, known) is { } near ? $"did you mean `--env {near}`?" : null);
    }

    private ConfigurationMapping Main()
    {
        var file = File.Exists(MainFile) ? YamlFile.Read(MainFile, Shown(_environment, MainFile), _variables) : new([], new(Shown(_environment, MainFile), 1, 1));
        var overlay = _app.ConfigurationFolders.Aggregate(_overlay, static (o, folder) => o.Without(folder));
        return file.With(overlay);
    }

    private ConfigurationMapping Member(string folder, string name)
    {
        var path = PathOf(folder, name + ".yaml");
        if (!path.StartsWith(PathOf(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
        {
            var names = Names(folder);
            throw Wrong($"there is no `{folder}/{name}.yaml`", [("project", Folder)],
                NearestName.Of(name, names) is { } near ? $"did you mean `{near}`?" : names.Count > 0 ? $"there is {string.Join(", ", names.Select(static n => $"`{n}`"))}" : "make it, or name another project with `--project`");
        }
        var file = YamlFile.Read(path, Shown(_environment, path), _variables);
        return (_overlay[folder] as ConfigurationMapping)?[name] is ConfigurationMapping overlay ? file.With(overlay) : file;
    }

    /// <summary>An override of a file that is not there would be lost without a word.</summary>
    private void CheckReach()
    {
        foreach (var folder in _app.ConfigurationFolders)
        {
            foreach (var entry in (_overlay[folder] as ConfigurationMapping)?.Entries ?? [])
            {
                var names = Names(folder);
                if (!names.Contains(entry.Key))
                    throw Wrong($"`{folder}.{entry.Key}` overrides a file that is not there", [entry.KeyPlace.Where], NearestName.Of(entry.Key, names) is { } near ? $"did you mean `{folder}.{near}`?" : null);
            }
        }
    }

    private static string Shown(CommandEnvironment environment, string path)
    {
        var relative = Path.GetRelativePath(environment.WorkingFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static UserError Wrong(string what, IReadOnlyList<(string, string)> where, string? hint) => new(what) { Where = where, Hint = hint, ExitCode = ExitCode.Usage };
}
