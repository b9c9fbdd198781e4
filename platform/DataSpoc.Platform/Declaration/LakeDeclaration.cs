using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Declaration;

/// <summary>Turns <c>platform.yaml</c> into what is asked for, or into everything that is wrong with it.</summary>
internal sealed class LakeDeclaration
{
    private readonly PlatformFile _file;
    private readonly Problems _problems;
    private readonly Dictionary<string, IReadOnlyList<Rule>> _roles;
    private readonly Dictionary<string, (string Name, List<string> Roles)> _principals = [];

    private LakeDeclaration(PlatformFile file, Problems problems)
    {
        (_file, _problems) = (file, problems);
        _roles = RoleCheck.Roles(file, problems);
    }

    /// <summary>The declaration of the command's project.</summary>
    /// <exception cref="UserError">There is no <c>platform.yaml</c>, or something is wrong with it; the other errors have been said (<see cref="ExitCode.Usage"/>).</exception>
    public static DeclaredLake Load(CommandContext context)
    {
        if (!File.Exists(context.Project.MainFile))
            throw new UserError("there is no `platform.yaml`") { Where = [("project", context.Project.Folder)], Hint = "`platform init` writes one; `--project DIR` names another folder", ExitCode = ExitCode.Usage };
        var problems = new Problems();
        var lake = Read(context.Project.Load<PlatformFile>(), problems);
        foreach (var (what, hint) in problems.Warnings)
            context.Messages.Warn(what, hint);
        foreach (var error in problems.Errors.SkipLast(1))
            context.Messages.Error(error);
        return problems.Errors.Count > 0 ? throw problems.Errors[^1] : lake;
    }

    /// <summary>What is wrong goes into <paramref name="problems"/>; the lake is only of use where nothing is.</summary>
    public static DeclaredLake Read(PlatformFile file, Problems problems) => new LakeDeclaration(file, problems).Lake();

    // MinIO has none
    private string Account => _file.Server == ServerKind.Minio ? "" : _file.Account?.Value ?? "";

    private DeclaredLake Lake()
    {
        if (_file.Lake.Value.Length is 0 or > 128 || !_file.Lake.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            _problems.Add(_file.Lake, $"`{_file.Lake.Value}` is no name for a lake", "use letters, digits, `-`, `_` and `.`");
        if (_file.Account is { Value.Length: > 0 } account && _file.Server == ServerKind.Aws && !(account.Value.Length == 12 && account.Value.All(char.IsAsciiDigit)))
            _problems.Add(account, $"`{account.Value}` is no AWS account", "it has 12 digits; write it in quotes");
        if (_file.Account is { Value.Length: > 0 } && _file.Server == ServerKind.Minio)
            _problems.Warn("`account` says nothing: MinIO has no accounts", "take it out");
        CheckTeams();
        var buckets = _file.Buckets.Select(pair => Bucket(pair.Key, pair.Value)).ToArray();
        if (buckets.Length == 0)
            _problems.Add(_file.Lake, "there is no bucket", "name at least one below `buckets:`");
        CheckBoundaries(buckets);
        var lake = new DeclaredLake(_file.Lake.Value, _file.Server, buckets, _principals.ToDictionary(static pair => pair.Key, static pair => new Principal(pair.Key, pair.Value.Name, pair.Value.Roles)))
        {
            Deployment = _file.Deploy is { } deploy ? new DeployCheck(_file.Account?.Value ?? "", _problems).Read(deploy) : DeployCheck.Default,
        };
        foreach (var (name, bytes) in (lake.Server == ServerKind.Minio ? lake.Policies : []).Where(static policy => policy.Bytes > BucketPolicy.MostBytes))
            _problems.Add(_file.Lake, $"the policy of `{name}` has {Quantity.Count(bytes)} bytes; MinIO takes {Quantity.Count(BucketPolicy.MostBytes)}", "give it fewer buckets, or part the principal");
        return lake;
    }

    private void CheckTeams()
    {
        foreach (var (team, roles) in _file.Teams)
        {
            foreach (var (role, principals) in roles)
            {
                foreach (var principal in principals)
                {
                    if (PrincipalName.Wrong(principal.Value) is { } wrong)
                        _problems.Add(principal, $"the principal `{principal.Value}` {wrong}", "write a user (`ana`), a role (`role/etl`) or an ARN");
                    else if (_file.Server == ServerKind.Minio && PrincipalName.WrongOnMinio(_file.Lake.Value, principal.Value) is { } notThere)
                        _problems.Add(principal, $"the principal `{principal.Value}` {notThere}", "write a user's access key (`ana`), or a group (`group/analysts`)");
                    else if (_file.Server == ServerKind.Aws && PrincipalName.NeedsAccount(principal.Value) && _file.Account is not { Value.Length: > 0 })
                        _problems.Add(principal, $"`{principal.Value}` is in no account", "give `account:` its 12 digits, or write the whole ARN");
                    else if (_file.Server == ServerKind.Aws && PrincipalName.WrongOnAws(principal.Value) is { } impossible)
                        _problems.Add(principal, $"the principal `{principal.Value}` {impossible}", "write a user (`ana`), or a role that people assume (`role/analysts`)");
                    else
                        Know(principal.Value, $"{role} of {team}");
                }
                if (principals.Count > 0 && !_roles.ContainsKey(role))
                    _problems.Add(principals[0], $"`{role}` is not a role", Nearest(role, _roles.Keys));
            }
        }
    }

    private void Know(string principal, string role)
    {
        var arn = PrincipalName.Arn(principal, Account);
        if (!_principals.TryGetValue(arn, out var known))
        {
            _principals[arn] = known = (principal, []);
            if (_file.Server == ServerKind.Aws && PrincipalName.NeedsOwnPolicyOnAws(arn, Account) is { } why)
                _problems.Warn($"`{principal}` {why}; the policies of the buckets alone do not", "`platform render --to aws-iam` writes the policy that is needed there as well");
        }
        if (!known.Roles.Contains(role))
            known.Roles.Add(role);
    }

    private DeclaredBucket Bucket(string key, Located<BucketEntry> at)
    {
        var entry = at.Value;
        var name = entry.Name?.Value ?? key;
        if (BucketName.Wrong(name) is { } wrong)
            Wrong(entry.Name, at, $"the bucket's name `{name}` {wrong}", null);
        if (!_file.Teams.ContainsKey(entry.Team.Value))
            _problems.Add(entry.Team, $"there is no team `{entry.Team.Value}`", Nearest(entry.Team.Value, _file.Teams.Keys));
        var layers = entry.Layers.Select(static layer => layer.Value).Distinct().ToArray();
        if (layers.Length == 0)
            Wrong<string>(null, at, $"bucket `{name}` has no layer", "write `layers: [raw, curated, gold, ml]`, or some of them");
        var grants = new Grants(OwnersGrants(entry, layers).Concat(ReadersGrants(entry, layers)));
        var bucket = new DeclaredBucket(name, entry.Team.Value, layers, SettingsCheck.Settings(_file, entry, _problems), grants);
        if (_file.Server != ServerKind.Minio && bucket.Policy.Bytes(name) is var bytes and > BucketPolicy.MostBytes)
            Wrong(entry.Name, at, $"the policy of bucket `{name}` has {Quantity.Count(bytes)} bytes; S3 takes {Quantity.Count(BucketPolicy.MostBytes)}", "let people assume a role and name that as principal, or part the bucket");
        return bucket;
    }

    private IEnumerable<Grant> OwnersGrants(BucketEntry entry, LayerGroup[] layers) =>
        _file.Teams.GetValueOrDefault(entry.Team.Value) is { } roles ? roles.SelectMany(pair => Granted(pair.Key, pair.Value, layers, ~Actions.None)) : [];

    private List<Grant> ReadersGrants(BucketEntry entry, LayerGroup[] layers)
    {
        var grants = new List<Grant>();
        foreach (var (team, roles) in entry.Readers)
        {
            foreach (var role in roles)
            {
                if (!_file.Teams.TryGetValue(team, out var known))
                    _problems.Add(role, $"there is no team `{team}`", Nearest(team, _file.Teams.Keys));
                else if (!_roles.ContainsKey(role.Value))
                    _problems.Add(role, $"`{role.Value}` is not a role", Nearest(role.Value, _roles.Keys));
                else
                    grants.AddRange(Granted(role.Value, known.GetValueOrDefault(role.Value) ?? [], layers, Actions.Read | Actions.List));
            }
        }
        return grants;
    }

    private IEnumerable<Grant> Granted(string role, IReadOnlyList<Located<string>> principals, LayerGroup[] layers, Actions most) =>
        from principal in principals
        where PrincipalName.Wrong(principal.Value) is null
        from rule in _roles.GetValueOrDefault(role) ?? []
        where rule.Prefix.Length == 0 ? layers.Contains(LayerGroup.Raw) || layers.Contains(LayerGroup.Curated) : LayerPrefixes.Has(layers, rule.Prefix)
        let actions = rule.Actions & most
        where actions != Actions.None
        select new Grant(PrincipalName.Arn(principal.Value, Account), rule.Prefix, actions);

    private void CheckBoundaries(DeclaredBucket[] buckets)
    {
        foreach (var twice in buckets.GroupBy(static bucket => bucket.Name).Where(static group => group.Count() > 1))
        {
            var second = _file.Buckets.Where(pair => (pair.Value.Value.Name?.Value ?? pair.Key) == twice.Key).Skip(1).First();
            Wrong(second.Value.Value.Name, second.Value, $"two permission boundaries overlap: `{twice.Key}` is named twice", "one bucket is one boundary; give the second another bucket");
        }
        // the tools write apart; a person of two roles in one bucket does not
        foreach (var bucket in buckets)
        {
            foreach (var principal in bucket.Grants.Principals)
            {
                var writes = bucket.Grants.All.Where(grant => grant.Principal == principal && (grant.Actions & Actions.Write) != 0)
                    .Select(static grant => Contracts.Layout.WrittenPrefixes.WriterOf(grant.Prefix)).OfType<Contracts.Layout.WritingTool>().Distinct().ToArray();
                if (writes.Length > 1)
                    _problems.Warn($"`{_principals[principal].Name}` writes for {string.Join(" and ", writes.Select(static tool => $"`{tool.ToString().ToLowerInvariant()}`"))} in `{bucket.Name}`, as {string.Join(" and ", _principals[principal].Roles)}",
                        "give each role credentials of its own where that is not meant");
            }
        }
    }

    private void Wrong<T>(Located<T>? closer, Located<BucketEntry> at, string what, string? hint)
    {
        if (closer is not null)
            _problems.Add(closer, what, hint);
        else
            _problems.Add(at, what, hint);
    }

    private static string Nearest(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } near ? $"did you mean `{near}`?" : $"there is {string.Join(", ", known.Order(StringComparer.Ordinal).Select(static k => $"`{k}`").DefaultIfEmpty("none yet"))}";
}
