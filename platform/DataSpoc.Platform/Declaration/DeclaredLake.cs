using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Declaration;

/// <summary>What <c>platform.yaml</c> asks for, checked.</summary>
/// <param name="Name">The lake's name.</param>
/// <param name="Server">The kind of server.</param>
/// <param name="Buckets">In the file's order.</param>
/// <param name="Principals">Everybody who is named, by ARN.</param>
internal sealed record DeclaredLake(string Name, ServerKind Server, IReadOnlyList<DeclaredBucket> Buckets, IReadOnlyDictionary<string, Principal> Principals)
{
    /// <summary>How models and schedules run elsewhere.</summary>
    public DeclaredDeployment Deployment { get; init; } = DeployCheck.Default;

    /// <summary>What a principal may do in all buckets.</summary>
    public UserPolicy PolicyOf(string arn)
    {
        var held = Buckets.Select(bucket => (bucket.Name, bucket.Settings.TlsOnly, Grants: new Grants(bucket.Grants.All.Where(grant => grant.Principal == arn)))).Where(static one => !one.Grants.IsEmpty).ToArray();
        return new(held.ToDictionary(static one => one.Name, static one => one.Grants), [.. held.Where(static one => one.TlsOnly).Select(static one => one.Name)], []);
    }

    /// <summary>The policies that give the access: on MinIO one per user or group, elsewhere one per bucket.</summary>
    public IEnumerable<(string Of, int Bytes)> Policies => Server == ServerKind.Minio
        ? Principals.Values.Select(principal => (principal.Name, PolicyOf(principal.Arn).Bytes))
        : Buckets.Select(static bucket => (bucket.Name, bucket.Policy.Bytes(bucket.Name)));

    /// <summary>A principal as people know it.</summary>
    public string Shown(string arn) => Principals.TryGetValue(arn, out var known) ? known.Name : arn;
}

/// <summary>Somebody or something with credentials.</summary>
/// <param name="Arn">As the server knows it.</param>
/// <param name="Name">As the file names it.</param>
/// <param name="Roles"><c>analyst of sales</c>, …</param>
internal sealed record Principal(string Arn, string Name, IReadOnlyList<string> Roles);

/// <summary>A bucket as it should be.</summary>
/// <param name="Name">On the server.</param>
/// <param name="Team">Its owner.</param>
/// <param name="Layers">What is in it.</param>
/// <param name="Settings">How it should be kept.</param>
/// <param name="Grants">Who may do what.</param>
internal sealed record DeclaredBucket(string Name, string Team, IReadOnlyList<LayerGroup> Layers, BucketSettings Settings, Grants Grants)
{
    public BucketPolicy Policy => new(Grants, Settings.TlsOnly, []);
}

/// <summary>How a bucket is kept.</summary>
/// <param name="Versioning">Whether replaced and deleted objects stay as old versions.</param>
/// <param name="Encryption">At rest.</param>
/// <param name="KmsKey">The key of <see cref="EncryptionKind.SseKms"/>; null is the server's default key.</param>
/// <param name="Lifecycle">What goes by itself.</param>
/// <param name="RetentionDays">How long an object cannot be deleted but by an administrator (governance mode); null where it can.</param>
/// <param name="TlsOnly">Whether calls without TLS are denied.</param>
internal sealed record BucketSettings(bool Versioning, EncryptionKind Encryption, string? KmsKey, Lifecycle Lifecycle, int? RetentionDays, bool TlsOnly);

/// <summary>After how many days what goes by itself; null: never.</summary>
/// <param name="LogDays">Logs of runs.</param>
/// <param name="UploadDays">Uploads that were never completed.</param>
/// <param name="OldVersionDays">Old versions of objects.</param>
internal sealed record Lifecycle(int? LogDays, int? UploadDays, int? OldVersionDays)
{
    public override string ToString() => string.Join(", ", new[]
    {
        LogDays is { } logs ? $"logs {logs} d" : null,
        UploadDays is { } uploads ? $"incomplete uploads {uploads} d" : null,
        OldVersionDays is { } versions ? $"old versions {versions} d" : null,
    }.OfType<string>().DefaultIfEmpty("nothing goes by itself"));
}
