using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Ingestion.Masking;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// A table's columns while rows come in. What the table has stays; what it has no room for is met as its <see cref="SchemaContract"/> says. A column whose type differs is
/// brought to the table's type where that loses nothing.
/// </summary>
/// <param name="existing">The table's columns, <c>dt</c> included; null for a new table.</param>
/// <param name="plan">Types that are given, masks, the contract.</param>
internal sealed class TableSchema(DeltaSchema? existing, TablePlan plan)
{
    private readonly List<DeltaField> _fields = [.. Existing(existing)];
    private readonly HashSet<string> _came = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _binds = existing is not null;
    private IReadOnlyList<DeltaField> _committed = [.. Existing(existing)];

    /// <summary>Whether the table had columns before.</summary>
    public bool IsKnown => existing is not null;

    /// <summary>Whether a column has got a wider type than the table's files have: they are all written again.</summary>
    public bool IsWidened { get; private set; }

    /// <summary>The columns, <c>dt</c> not among them.</summary>
    public IReadOnlyList<DeltaField> Fields => _fields;

    /// <summary>Names that are to be masked and that are no column: none came, the table has none, and none is promised by its type. Empty where nothing came at all.</summary>
    public IReadOnlyList<string> UnmetMasks => _came.Count == 0 || !plan.IsOfOne ? [] : [.. plan.Masks.Keys.Where(name => !_came.Contains(name) && !plan.Types.ContainsKey(name) && Find(name) is null)];

    /// <summary>Forgets the columns that were brought in.</summary>
    public void Reset()
    {
        _fields.Clear();
        _fields.AddRange(Existing(existing));
        IsWidened = false;
    }

    /// <summary>After a commit: the table's files have these types.</summary>
    public void Committed()
    {
        _committed = [.. _fields];
        IsWidened = false;
    }

    /// <summary>The type that a column of this name is to have: the one that is given, or else the table's; null where neither says.</summary>
    public LogicalType? TypeOf(string column) => plan.Types.GetValueOrDefault(column) ?? (Find(column) is { } field ? StorageTypes.FromDelta(field.Type) : null);

    /// <summary>Brings columns in, and says how each is written.</summary>
    /// <param name="columns">Names, distinct without regard to case, and types as they come.</param>
    /// <param name="table">For messages.</param>
    /// <exception cref="UserError">The contract does not allow a column or a type (<see cref="ExitCode.Refused"/>).</exception>
    public IReadOnlyList<AdmittedColumn> Admit(IEnumerable<(string Name, LogicalType Type)> columns, TableLocation table) =>
        [.. columns.Select(column => Admit(column.Name, column.Type, null, table))];

    /// <summary>Brings columns in of which some are meant as other types than they come as.</summary>
    /// <param name="columns">Names, types as they come, and as they are meant where that differs.</param>
    /// <param name="table">For messages.</param>
    /// <exception cref="UserError">The contract does not allow a column or a type (<see cref="ExitCode.Refused"/>).</exception>
    public IReadOnlyList<AdmittedColumn> Admit(IEnumerable<(string Name, LogicalType Type, LogicalType? Meant)> columns, TableLocation table) =>
        [.. columns.Select(column => Admit(column.Name, column.Type, column.Meant, table))];

    /// <summary>All columns, with the partition column at the end.</summary>
    public DeltaSchema WithPartition() => new([.. _fields, new(DataFileName.PartitionColumn, PrimitiveType.Date)]);

    private AdmittedColumn Admit(string name, LogicalType incoming, LogicalType? meant, TableLocation table)
    {
        _came.Add(name);
        var mask = plan.Masks.GetValueOrDefault(name);
        if (mask is { Kind: MaskKind.Drop })
            return new(name, incoming, null, incoming) { Mask = mask };
        var wanted = mask is not null ? LogicalType.Varchar : plan.Types.GetValueOrDefault(name) ?? meant;
        var type = wanted ?? StorageTypes.Stored(incoming);
        var column = new AdmittedColumn(name, incoming, name, type) { Mask = mask };
        if (Find(name) is not { } field)
            return Added(column, wanted, table);
        var (known, delta) = (field.Type, StorageTypes.ToDelta(type));
        column = column with { Name = field.Name };
        if (!Equals(known, delta))
        {
            if (wanted is null && TypeWidening.Fits(delta, known))
                column = column with { Type = StorageTypes.FromDelta(known) };
            // structs may grow by fields
            else if (TypeWidening.Grown(known, delta) is { } grown)
                column = column with { Type = Become(field, grown, incoming) };
            else if (wanted is not null && TypeWidening.MayBecome(known, delta))
                Widen(field, delta);
            else if (wanted is null && plan.Contract.Types == Reaction.Evolve && TypeWidening.Wider(known, delta) is { } wider)
                column = column with { Type = StorageTypes.FromDelta(Widen(field, wider)) };
            else
                return Unfit(column with { Type = StorageTypes.FromDelta(known) }, known, delta, table);
        }
        return Fitted(column);
    }

    private AdmittedColumn Added(AdmittedColumn column, LogicalType? wanted, TableLocation table)
    {
        switch (_binds ? plan.Contract.Columns : Reaction.Evolve)
        {
            case Reaction.Freeze:
                throw new UserError($"column `{column.SourceName}` is new, and the columns of `{table.SqlName}` are frozen")
                {
                    Where = [("table", table.Folder)],
                    Hint = "let it in with `schema: {columns: evolve}`, or keep it out with `discard`",
                    ExitCode = ExitCode.Refused,
                };
            case Reaction.Quarantine:
                return column with { Name = null, IsUnwelcome = true };
            case Reaction.Discard:
                return column with { Name = null };
            default:
                _fields.Add(new(column.SourceName, StorageTypes.ToDelta(column.Type)));
                return wanted is null ? column : Fitted(column);
        }
    }

    // a type that was given may not hold every value that comes
    private AdmittedColumn Fitted(AdmittedColumn column) => column.Mask is not null || TypeWidening.Fits(StorageTypes.ToDelta(column.Incoming), StorageTypes.ToDelta(column.Type)) || column.Type.Kind == LogicalKind.Varchar
        ? column
        : column with { Misfit = plan.Contract.Types switch { Reaction.Quarantine => Misfit.Rejected, Reaction.Discard => Misfit.Discarded, _ => Misfit.Refused } };

    private AdmittedColumn Unfit(AdmittedColumn column, DeltaType known, DeltaType incoming, TableLocation table) => plan.Contract.Types switch
    {
        Reaction.Quarantine => column with { Misfit = Misfit.Rejected },
        Reaction.Discard => column with { Misfit = Misfit.Discarded },
        _ => throw new UserError($"column `{column.SourceName}` of `{table.SqlName}` is {known}, the source brings {incoming}")
        {
            Where = [("table", table.Folder)],
            Hint = $"give it a type (`types: {{{column.SourceName}: string}}`), set `schema: {{types: quarantine}}`, or write the table anew with `--full`",
            ExitCode = ExitCode.Refused,
        },
    };

    private LogicalType Become(DeltaField field, DeltaType grown, LogicalType incoming)
    {
        _fields[_fields.IndexOf(field)] = field with { Type = grown };
        return Equals(grown, StorageTypes.ToDelta(incoming)) ? StorageTypes.Stored(incoming) : StorageTypes.FromDelta(grown);
    }

    private DeltaType Widen(DeltaField field, DeltaType type)
    {
        _fields[_fields.IndexOf(field)] = field with { Type = type };
        IsWidened |= _committed.Any(known => known.Name == field.Name);
        return type;
    }

    private static IEnumerable<DeltaField> Existing(DeltaSchema? schema) => (schema?.Fields ?? []).Where(field => field.Name != DataFileName.PartitionColumn);

    private DeltaField? Find(string name) => _fields.Find(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));
}
