namespace DataSpoc.Platform.Minio;

/// <summary>A user or a group of a MinIO server, which policies are attached to.</summary>
/// <param name="Name">As the server knows it: a user's access key, or a group.</param>
/// <param name="IsGroup">Whether it is a group.</param>
internal sealed record MinioAccount(string Name, bool IsGroup)
{
    private const string Group = "group/", User = "user/";

    /// <summary>Of a principal as <c>platform.yaml</c> writes it: <c>ana</c> and <c>user/ana</c> are users, <c>group/analysts</c> a group.</summary>
    public static MinioAccount Of(string principal) => principal.StartsWith(Group, StringComparison.Ordinal)
        ? new(principal[Group.Length..], true)
        : new(principal.StartsWith(User, StringComparison.Ordinal) ? principal[User.Length..] : principal, false);

    /// <summary>As <c>platform.yaml</c> writes it, in one way only.</summary>
    public string Principal => IsGroup ? Group + Name : Name;

    /// <summary><c>user `ana`</c>, <c>group `analysts`</c>.</summary>
    public override string ToString() => $"{(IsGroup ? "group" : "user")} `{Name}`";
}
