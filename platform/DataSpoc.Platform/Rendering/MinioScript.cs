using System.Text;
using DataSpoc.Platform.Declaration;
using DataSpoc.Platform.Minio;

namespace DataSpoc.Platform.Rendering;

/// <summary>Commands of MinIO's <c>mc</c> that give the same access as <c>platform apply</c> does there, by the same policies under the same names.</summary>
internal static class MinioScript
{
    public static string Of(DeclaredLake lake)
    {
        var script = new StringBuilder();
        script.AppendLine("#!/usr/bin/env bash").AppendLine("# Who may do what, as policies of users: bash THIS-FILE ALIAS").AppendLine("set -euo pipefail").AppendLine("alias=${1:?the alias of the server, as mc alias set made it}")
            .AppendLine("policy=$(mktemp); trap 'rm -f \"$policy\"' EXIT");
        foreach (var bucket in lake.Buckets)
        {
            script.AppendLine().Append("mc mb --ignore-existing ").Append("\"$alias/").Append(bucket.Name).AppendLine("\"");
            if (bucket.Settings.Versioning)
                script.Append("mc version enable \"$alias/").Append(bucket.Name).AppendLine("\"");
        }
        foreach (var principal in lake.Principals.Values.OrderBy(static principal => principal.Name, StringComparer.Ordinal))
        {
            if (lake.PolicyOf(principal.Arn).Json() is not { } policy)
                continue;
            var account = MinioAccount.Of(principal.Name);
            var (name, to) = (Quoted(MinioPolicyName.Of(lake.Name, account)), $"--{(account.IsGroup ? "group" : "user")} {Quoted(account.Name)}");
            script.AppendLine().AppendLine($"# {string.Join(", ", principal.Roles)}").AppendLine("cat > \"$policy\" <<'JSON'").AppendLine(policy).AppendLine("JSON")
                .AppendLine($"mc admin policy create \"$alias\" {name} \"$policy\"")
                // attached already is no error of ours
                .AppendLine($"mc admin policy attach \"$alias\" {name} {to} || mc admin policy entities \"$alias\" {to} | grep -qF {name}");
        }
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
