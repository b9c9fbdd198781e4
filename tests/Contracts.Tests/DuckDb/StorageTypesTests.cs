using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class StorageTypesTests : DuckDbFixture
{
    [Theory]
    [InlineData("true", "BOOLEAN", "boolean", "true")]
    [InlineData("1::TINYINT", "TINYINT", "byte", "1")]
    [InlineData("-1::SMALLINT", "SMALLINT", "short", "-1")]
    [InlineData("2147483647", "INTEGER", "integer", "2147483647")]
    [InlineData("-9223372036854775807", "BIGINT", "long", "-9223372036854775807")]
    [InlineData("255::UTINYINT", "SMALLINT", "short", "255")]
    [InlineData("65535::USMALLINT", "INTEGER", "integer", "65535")]
    [InlineData("4294967295::UINTEGER", "BIGINT", "long", "4294967295")]
    [InlineData("18446744073709551615::UBIGINT", "DECIMAL(20,0)", "decimal(20,0)", "18446744073709551615")]
    [InlineData("99999999999999999999999999999999999999::HUGEINT", "DECIMAL(38,0)", "decimal(38,0)", "99999999999999999999999999999999999999")]
    [InlineData("7::UHUGEINT", "DECIMAL(38,0)", "decimal(38,0)", "7")]
    [InlineData("1.5::FLOAT", "FLOAT", "float", "1.5")]
    [InlineData("0.1::DOUBLE", "DOUBLE", "double", "0.1")]
    [InlineData("12345678901234567890.12::DECIMAL(38,2)", "DECIMAL(38,2)", "decimal(38,2)", "12345678901234567890.12")]
    [InlineData("'ü'", "VARCHAR", "string", "ü")]
    [InlineData("'\\x00\\xFF'::BLOB", "BLOB", "binary", "\\x00\\xFF")]
    [InlineData("DATE '2024-02-29'", "DATE", "date", "2024-02-29")]
    [InlineData("TIMESTAMP '1969-12-31 23:59:59.999999'", "TIMESTAMP", "timestamp_ntz", "1969-12-31 23:59:59.999999")]
    [InlineData("TIMESTAMPTZ '2024-01-01 01:00:00+02'", "TIMESTAMP WITH TIME ZONE", "timestamp", "2023-12-31 23:00:00+00")]
    [InlineData("TIMESTAMP_S '2024-01-01 00:00:01'", "TIMESTAMP", "timestamp_ntz", "2024-01-01 00:00:01")]
    [InlineData("TIMESTAMP_MS '2024-01-01 00:00:00.001'", "TIMESTAMP", "timestamp_ntz", "2024-01-01 00:00:00.001")]
    [InlineData("TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "TIMESTAMP", "timestamp_ntz", "2024-01-01 00:00:00.123456")]
    [InlineData("TIME '23:59:59.5'", "VARCHAR", "string", "23:59:59.5")]
    [InlineData("TIMETZ '12:00:00+01:30'", "VARCHAR", "string", "12:00:00+01:30")]
    [InlineData("INTERVAL '1 month 2 days'", "VARCHAR", "string", "1 month 2 days")]
    [InlineData("'0f8fad5b-d9cb-469f-a165-70867728950e'::UUID", "VARCHAR", "string", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("'b'::ENUM('a', 'b')", "VARCHAR", "string", "b")]
    [InlineData("'101'::BIT", "VARCHAR", "string", "101")]
    [InlineData("'123456789012345678901234567890123456789012345'::BIGNUM", "VARCHAR", "string", "123456789012345678901234567890123456789012345")]
    [InlineData("'{\"a\": 1}'::JSON", "VARCHAR", "string", "{\"a\": 1}")]
    [InlineData("union_value(n := 5)", "VARCHAR", "string", "5")]
    [InlineData("[1::UTINYINT, NULL]", "SMALLINT[]", "array<short>", "[1, NULL]")]
    [InlineData("array_value(1, 2)", "INTEGER[]", "array<integer>", "[1, 2]")]
    [InlineData("{'a b': 1::UBIGINT, 'c': [{'d': '5'::JSON}]}", "STRUCT(\"a b\" DECIMAL(20,0), c STRUCT(d VARCHAR)[])", "struct<a b: decimal(20,0), c: array<struct<d: string>>>", "{'a b': 1, 'c': [{'d': 5}]}")]
    [InlineData("MAP {'k': TIMESTAMP_S '2024-01-01 00:00:00'}", "MAP(VARCHAR, TIMESTAMP)", "map<string, timestamp_ntz>", "{k='2024-01-01 00:00:00'}")]
    public void Write_EveryType_IsStoredAsStated(string value, string stored, string delta, string text)
    {
        var file = ParquetWriter.Write(Connection, $"SELECT {value} AS v", Temp.File("v.parquet"), new(), Cancel);
        Assert.Equal(LogicalType.Parse(stored), Assert.Single(file.Columns).Type);
        Assert.Equal(delta, file.Schema.Fields[0].Type.ToString());
        Assert.Equal(text, One($"SELECT v::VARCHAR FROM '{file.Path}'"));
        Assert.Equal(file.Columns[0].Type, StorageTypes.FromDelta(file.Schema.Fields[0].Type));
    }

    [Fact]
    public void Write_HugeInteger_OutOfRange_IsAUserError() =>
        Assert.Throws<DataSpoc.Contracts.UserError>(() => ParquetWriter.Write(Connection, "SELECT 170141183460469231731687303715884105727::HUGEINT AS v", Temp.File("v.parquet"), new(), Cancel));

    [Theory]
    [InlineData("INTEGER")]
    [InlineData("DECIMAL(38,10)")]
    [InlineData("STRUCT(\"a\"\"b\" INTEGER, \"select\" VARCHAR[][3])[]")]
    [InlineData("MAP(VARCHAR, MAP(INTEGER, TIMESTAMP WITH TIME ZONE))")]
    [InlineData("UNION(a INTEGER, b VARCHAR)")]
    [InlineData("ENUM('it''s', 'b')")]
    public void Parse_Spelling_RoundTripsAndIsDuckDbs(string spelling)
    {
        var type = LogicalType.Parse(spelling);
        Assert.Equal(type, LogicalType.Parse(type.ToString()));
        using var reader = Connection.Query($"SELECT NULL::{type} AS v");
        Assert.Equal(type, reader.Columns[0].Type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("INTEGR")]
    [InlineData("DECIMAL(39,0)")]
    [InlineData("STRUCT(a)")]
    [InlineData("INTEGER[")]
    [InlineData("INTEGER[0]")]
    [InlineData("ENUM('a)")]
    public void Parse_NotAType_IsAUserError(string spelling) => Assert.Throws<DataSpoc.Contracts.UserError>(() => LogicalType.Parse(spelling));
}
