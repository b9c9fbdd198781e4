using System.Collections.Frozen;

namespace DataSpoc.Contracts.DuckDb.Guarding;

/// <summary>
/// Functions that a SELECT may call in DuckDB 1.5.6 and that do more than read: they write logs and profiles (to files and to standard output),
/// change the parser, take raw addresses, or run SQL that was not looked at. A test keeps this list and <see cref="Harmless"/> complete
/// against the library, so that a new version's functions have to be sorted into one of them.
/// </summary>
internal static class RiskyFunctions
{
    /// <summary>Refused by <see cref="StatementGuard"/>, in lower case.</summary>
    internal static readonly FrozenSet<string> Refused = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "arrow_scan", "arrow_scan_dumb", "seq_scan",
        "checkpoint", "force_checkpoint",
        "enable_logging", "disable_logging", "truncate_duckdb_logs", "write_log",
        "enable_profiling", "disable_profiling",
        "enable_peg_parser", "disable_peg_parser", "check_peg_parser",
        "json_execute_serialized_sql", "query", "dataspoc_chunks");

    /// <summary>Table functions that only read, and only what <see cref="Lockdown"/> lets them.</summary>
    internal static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "range", "generate_series", "repeat", "repeat_row", "unnest", "summary", "query_table", "glob",
        "read_blob", "read_csv", "read_csv_auto", "read_duckdb", "read_json", "read_json_auto", "read_json_objects", "read_json_objects_auto",
        "read_ndjson", "read_ndjson_auto", "read_ndjson_objects", "read_parquet", "read_text", "sniff_csv", "json_each", "json_tree",
        "parquet_bloom_probe", "parquet_file_metadata", "parquet_full_metadata", "parquet_kv_metadata", "parquet_metadata", "parquet_scan", "parquet_schema",
        "icu_calendar_names", "pg_timezone_names", "sql_auto_complete", "test_all_types", "test_vector_types", "which_secret",
        "pragma_collations", "pragma_database_size", "pragma_metadata_info", "pragma_platform", "pragma_show", "pragma_storage_info", "pragma_table_info",
        "pragma_user_agent", "pragma_version");
}
