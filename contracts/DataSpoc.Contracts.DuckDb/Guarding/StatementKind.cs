namespace DataSpoc.Contracts.DuckDb.Guarding;

/// <summary><c>duckdb_statement_type</c>, named as SQL names them.</summary>
internal enum StatementKind
{
    Select = 1,
    Insert = 2,
    Update = 3,
    Explain = 4,
    Delete = 5,
    Prepare = 6,
    Create = 7,
    Execute = 8,
    Alter = 9,
    Transaction = 10,
    Copy = 11,
    Analyze = 12,
    Drop = 15,
    Export = 16,
    Pragma = 17,
    Vacuum = 18,
    Call = 19,
    Set = 20,
    Load = 21,
    Attach = 25,
    Detach = 26,
    Merge = 30,
}
