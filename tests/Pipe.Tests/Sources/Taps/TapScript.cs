using System.Text.Json.Nodes;
using DataSpoc.Pipe.Sources.Taps;

namespace Pipe.Tests.Sources.Taps;

/// <summary>A tap that is a shell script, in a folder of its own.</summary>
internal sealed class TapScript : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipe-tests-");

    /// <param name="script">What the tap does; its working folder is <see cref="Folder"/>.</param>
    public TapScript(string script)
    {
        File.WriteAllText(In("tap-script"), "#!/bin/sh\n" + script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In("tap-script"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Settings = new TapSettings { Command = "./tap-script", Folder = Folder };
    }

    public string Folder => folder.FullName;

    public TapSettings Settings { get; }

    public static JsonNode Config => new JsonObject { ["user"] = "ann", ["password"] = "s3cr3t-of-ann" };

    public string In(string name) => Path.Combine(Folder, name);

    public void Dispose() => folder.Delete(recursive: true);
}
