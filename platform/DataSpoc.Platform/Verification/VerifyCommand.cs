using System.CommandLine;
using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Verification;

/// <summary><c>platform verify</c>: what everybody really can and cannot do.</summary>
internal static class VerifyCommand
{
    private const string Anybody = "(anybody)";

    public static ToolCommand Create()
    {
        var profiles = new Option<string[]>("--profile") { Description = "The AWS profile of a principal, where it is not called as the principal is (again for another)", HelpName = "PRINCIPAL=PROFILE" };
        var wrong = new Option<bool>("--differences") { Description = "Show only what is not as declared" };
        return new("verify", "Try with everybody's own credentials what they can and cannot do, and compare with `platform.yaml`")
        {
            Example = "platform verify\nplatform verify --differences --profile ana=prod-ana -o json",
            Details = """
                Tries to read, list, write and delete in every prefix of the contract, for every principal and for somebody without
                credentials, and expects what is declared, no less and no more. Nothing that is there is read or changed: empty
                objects below `_platform-verify/` are read and removed again, writes carry a condition that cannot hold. Credentials
                are AWS profiles called as the principals are (`ana` for `user/ana`); those of the environment must be the owner's.
                Exits with 3 where anything differs.
                """,
            Handler = context => RunAsync(context, context.Value(profiles) ?? [], context.Value(wrong)),
            Options = { profiles, wrong },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string[] profiles, bool onlyWrong)
    {
        var lake = LakeDeclaration.Load(context);
        var credentials = new PrincipalCredentials(Profiles(lake, profiles), context.Environment.Variable("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } file ? context.Environment.FullPath(file) : null);
        var tried = new List<(string Arn, AWSCredentials Credentials)> { ("", new AnonymousAWSCredentials()) };
        foreach (var principal in lake.Principals.Values.OrderBy(static principal => principal.Name, StringComparer.Ordinal))
        {
            if (credentials.Of(principal) is { } own)
                tried.Add((principal.Arn, own));
            else
                context.Messages.Warn($"`{principal.Name}` is not tried: there is no AWS profile `{credentials.ProfileOf(principal)}`", $"add it to the AWS configuration, or name another with `--profile {principal.Name}=PROFILE`");
        }
        if (tried.Count == 1)
            throw new UserError("nobody's credentials are known, so nothing was tried") { Where = [("principals", string.Join(", ", lake.Principals.Values.Select(static principal => principal.Name)))], Hint = "give each principal an AWS profile of its name", ExitCode = ExitCode.Usage };
        var matrix = await new LakeVerification(lake).RunAsync(tried, context.Cancel);
        Write(context, lake, matrix, onlyWrong);
        var wrong = matrix.Where(static field => field.IsWrong).ToArray();
        if (wrong.Length > 0)
            throw new UserError($"{Quantity.Count(wrong.Length, "permission")} of {Quantity.Count(matrix.Count)} {(wrong.Length == 1 ? "is" : "are")} not as declared")
            {
                Where = [.. wrong.Take(5).Select(field => (field.Expected ? "lacks" : "has", $"{Name(lake, field.Principal)}: {ActionWords.Word(field.Action)} {field.Place} in {field.Bucket}"))],
                Hint = "`platform plan` shows whether the buckets' policies differ; what they do not say comes from elsewhere, such as policies of users",
                ExitCode = ExitCode.Refused,
            };
        context.Messages.Success($"{Quantity.Count(matrix.Count(static field => field.Outcome != Outcome.NotTried), "permission")} of {Quantity.Count(tried.Count - 1, "principal")} and of anybody are as declared");
        return ExitCode.Done;
    }

    private static void Write(CommandContext context, DeclaredLake lake, IReadOnlyList<Permission> matrix, bool onlyWrong)
    {
        using var rows = context.Rows([new("bucket"), new("principal"), new("roles"), new("prefix"), new("read"), new("list"), new("write"), new("delete")]);
        foreach (var line in matrix.GroupBy(static field => (field.Bucket, field.Principal, field.Place)).Where(line => !onlyWrong || line.Any(static field => field.IsWrong)))
        {
            var cells = line.ToDictionary(static field => field.Action, static field => field.Shown);
            rows.WriteRow(line.Key.Bucket, Name(lake, line.Key.Principal), lake.Principals.TryGetValue(line.Key.Principal, out var known) ? string.Join(", ", known.Roles) : null, line.Key.Place,
                cells[Actions.Read], cells[Actions.List], cells[Actions.Write], cells[Actions.Delete]);
        }
        rows.Complete();
    }

    private static string Name(DeclaredLake lake, string arn) => arn.Length == 0 ? Anybody : lake.Shown(arn);

    private static Dictionary<string, string> Profiles(DeclaredLake lake, string[] given)
    {
        var profiles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var equals = text.LastIndexOf('=');
            if (equals <= 0 || equals == text.Length - 1)
                throw new UserError($"`--profile {text}` is not PRINCIPAL=PROFILE") { Hint = "write `--profile ana=prod-ana`", ExitCode = ExitCode.Usage };
            var name = text[..equals];
            if (lake.Principals.Values.All(principal => principal.Name != name))
                throw new UserError($"`--profile {text}` names a principal that platform.yaml does not have") { Hint = NearestName.Of(name, lake.Principals.Values.Select(static principal => principal.Name)) is { } near ? $"did you mean `{near}`?" : null, ExitCode = ExitCode.Usage };
            profiles[name] = text[(equals + 1)..];
        }
        return profiles;
    }
}
