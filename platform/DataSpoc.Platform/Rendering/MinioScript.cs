using System.Text;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Rendering;

/// <summary>Commands of MinIO's <c>mc</c> that give the access, which bucket policies cannot name users for there.</summary>
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
        foreach (var (principal, policy) in PrincipalPolicies.Of(lake))
        {
            var name = $"{lake.Name}-{Folded(principal.Name)}";
            script.AppendLine().AppendLine($"# {string.Join(", ", principal.Roles)}").AppendLine("cat > \"$policy\" <<'JSON'").AppendLine(policy.ToJsonString()).AppendLine("JSON")
                .AppendLine($"mc admin policy create \"$alias\" {Quoted(name)} \"$policy\"")
                // attached already is no error of ours
                .AppendLine($"mc admin policy attach \"$alias\" {Quoted(name)} --user {Quoted(principal.Name)} || mc admin policy entities \"$alias\" --user {Quoted(principal.Name)} | grep -qF {Quoted(name)}");
        }
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Folded(string name) => new([.. name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')]);

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
