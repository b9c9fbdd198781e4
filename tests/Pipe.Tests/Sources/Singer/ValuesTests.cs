using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

/// <summary>What becomes of one value in one field.</summary>
public sealed class ValuesTests
{
    [Theory]
    [InlineData("""{"type": "boolean"}""", "BOOLEAN", "true", "true")]
    [InlineData("""{"type": "integer"}""", "BIGINT", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("""{"type": ["null", "integer"]}""", "BIGINT", "1.0", "1")]
    [InlineData("""{"type": "integer", "maximum": 18446744073709551615}""", "DECIMAL(38,0)", "18446744073709551615", "18446744073709551615")]
    [InlineData("""{"type": "number"}""", "DOUBLE", "12.50", "12.5")]
    [InlineData("""{"type": "number"}""", "DOUBLE", "-1.5e-7", "-1.5E-07")]
    [InlineData("""{"type": "number", "multipleOf": 0.01}""", "DECIMAL(38,2)", "12345678901234567890.12", "12345678901234567890.12")]
    [InlineData("""{"type": "number", "multipleOf": 0.01, "minimum": -10000000000, "exclusiveMinimum": true, "maximum": 10000000000, "exclusiveMaximum": true}""", "DECIMAL(12,2)", "-9999999999.99", "-9999999999.99")]
    [InlineData("""{"type": "number", "multipleOf": 1e-2, "minimum": -99, "maximum": 99}""", "DECIMAL(4,2)", "0.1", "0.10")]
    [InlineData("""{"type": "number", "multipleOf": 0.001, "exclusiveMinimum": 0, "exclusiveMaximum": 1000000}""", "DECIMAL(9,3)", "999999.999", "999999.999")]
    [InlineData("""{"type": "number", "multipleOf": 1e-38, "minimum": -1e62, "maximum": 1e62}""", "DOUBLE", "0.5", "0.5")]
    [InlineData("""{"type": "number", "multipleOf": 1e-34}""", "DOUBLE", "123456.5", "123456.5")]
    [InlineData("""{"type": "string", "format": "x-singer.decimal", "precision": 20, "scale": 4}""", "DECIMAL(20,4)", "\"1234567890123456.7891\"", "1234567890123456.7891")]
    [InlineData("""{"type": "string", "format": "x-singer.decimal", "precision": 5, "scale": 1}""", "DECIMAL(5,1)", "\"1E+2\"", "100.0")]
    [InlineData("""{"type": "string", "format": "singer.decimal"}""", "VARCHAR", "\"12345678901234567890.12345678901234567890\"", "12345678901234567890.12345678901234567890")]
    [InlineData("""{"type": "string"}""", "VARCHAR", "\"a\\u0000\\n\\ud83d\\ude00\"", "a\0\n\U0001F600")]
    [InlineData("""{"type": "string"}""", "VARCHAR", "\"cut \\ud83d\"", "cut \uFFFD")]
    [InlineData("""{"type": ["string", "null"], "format": "date-time"}""", "TIMESTAMP WITH TIME ZONE", "\"2020-01-02T03:04:05.123456+02:00\"", "2020-01-02T01:04:05.123456Z")]
    [InlineData("""{"type": "string", "format": "date-time"}""", "TIMESTAMP WITH TIME ZONE", "\"2020-01-02 03:04:05\"", "2020-01-02T03:04:05Z")]
    [InlineData("""{"type": "string", "format": "date"}""", "DATE", "\"2020-02-29\"", "2020-02-29")]
    [InlineData("""{"type": "string", "format": "time"}""", "VARCHAR", "\"23:00:15+01\"", "23:00:15+01")]
    [InlineData("""{"type": "string", "format": "uuid"}""", "VARCHAR", "\"0B6B43A6-8F4B-4B44-9F3B-0C6C6F4D4B44\"", "0B6B43A6-8F4B-4B44-9F3B-0C6C6F4D4B44")]
    [InlineData("""{"anyOf": [{"type": "null"}, {"type": "integer"}]}""", "BIGINT", "5", "5")]
    [InlineData("""{"oneOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}""", "TIMESTAMP WITH TIME ZONE", "null", "null")]
    [InlineData("""{"anyOf": [{"type": "string", "format": "date-time"}, {"type": ["string", "null"]}]}""", "VARCHAR", "\"soon\"", "soon")]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "number", "multipleOf": 0.01}]}""", "DECIMAL(38,2)", "5.25", "5.25")]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "number"}]}""", "DOUBLE", "5.25", "5.25")]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1}]}""", "DECIMAL(21,2)", "5.25", "5.25")]
    [InlineData("""{"type": ["string", "integer", "null"]}""", "VARCHAR", "17", "17")]
    [InlineData("""{"type": ["string", "integer", "null"]}""", "VARCHAR", "\"x\"", "x")]
    [InlineData("""{"type": ["string", "array"], "items": {"type": "string"}}""", "VARCHAR", "\"x\"", "\"x\"")]
    [InlineData("""{"type": "null"}""", "VARCHAR", "null", "null")]
    [InlineData("{}", "VARCHAR", "{\"a\" : [1, 2.50]}", "{\"a\" : [1, 2.50]}")]
    [InlineData("true", "VARCHAR", "1e5", "1e5")]
    [InlineData("""{"type": "object"}""", "VARCHAR", "{\"a\": \"\\u00e9\"}", "{\"a\": \"\\u00e9\"}")]
    [InlineData("""{"type": "array"}""", "VARCHAR", "[1, \"2\"]", "[1, \"2\"]")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "BIGINT[]", "[1, null, 3]", "[1, null, 3]")]
    [InlineData("""{"type": "array", "items": {"type": "array", "items": {"type": "string"}}}""", "VARCHAR[][]", "[[\"a\"], [], null, [\"b\", \"c\"]]", "[[a], [], null, [b, c]]")]
    [InlineData("""{"type": "object", "properties": {"x": {"type": "integer"}, "y z": {"type": "string"}}}""", "STRUCT(\"x\" BIGINT, \"y z\" VARCHAR)", "{\"y z\": \"v\"}", "{x: null, y z: v}")]
    [InlineData("""{"type": ["null", "object"], "properties": {"x": {"type": "integer"}}}""", "STRUCT(\"x\" BIGINT)", "null", "null")]
    [InlineData("""{"properties": {"x": {}}}""", "STRUCT(\"x\" VARCHAR)", "{\"x\": {}}", "{x: {}}")]
    [InlineData("""{"enum": ["a", "b", null]}""", "VARCHAR", "\"a\"", "a")]
    public async Task Read_ValueThatFits_IsKept(string schema, string type, string value, string expected)
    {
        var sink = new RecordingSink();
        await ReadAsync(sink, Schema("a", schema), Record($$"""{"a": {{value}}}"""));
        Assert.Equal(type, sink.Schemas["s"].Columns[0].Type.ToString());
        Assert.Empty(sink.Failures);
        Assert.Equal(["a=" + expected], sink.Rows["s"]);
    }

    [Theory]
    [InlineData("""{"type": "number"}""", "\"12,50\"", "`s.a` is not a number in line 2 of tap-test: \"12,50\"")]
    [InlineData("""{"type": "number"}""", "1234567890.1234567890", "`s.a` has more digits than a DOUBLE keeps in line 2 of tap-test: 1234567890.1234567890")]
    [InlineData("""{"type": "number"}""", "1e999", "`s.a` is too large for DOUBLE in line 2 of tap-test: 1e999")]
    [InlineData("""{"type": "integer"}""", "1.5", "`s.a` is not a whole number in line 2 of tap-test: 1.5")]
    [InlineData("""{"type": "integer"}""", "9223372036854775808", "`s.a` is too large for BIGINT in line 2 of tap-test: 9223372036854775808")]
    [InlineData("""{"type": "integer"}""", "true", "`s.a` is not a whole number in line 2 of tap-test: true")]
    [InlineData("""{"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 99}""", "100", "`s.a` is too large for DECIMAL(4,2) in line 2 of tap-test: 100")]
    [InlineData("""{"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 99}""", "0.005", "`s.a` has more decimals than DECIMAL(4,2) in line 2 of tap-test: 0.005")]
    [InlineData("""{"type": "string", "format": "x-singer.decimal", "precision": 5, "scale": 1}""", "\"NaN\"", "`s.a` is not a number in line 2 of tap-test: \"NaN\"")]
    [InlineData("""{"type": "boolean"}""", "1", "`s.a` is not true or false in line 2 of tap-test: 1")]
    [InlineData("""{"type": "string"}""", "5", "`s.a` is not a string in line 2 of tap-test: 5")]
    [InlineData("""{"type": "string"}""", "{\"long\": \"0123456789012345678901234567890123456789012345678901234567890123456789\"}", "`s.a` is not a string in line 2 of tap-test: {\"long\": \"01234567890123456789012345678901234567890123456789…")]
    [InlineData("""{"type": "string", "format": "date-time"}""", "\"yesterday\"", "`s.a` is not a date-time in line 2 of tap-test: \"yesterday\"")]
    [InlineData("""{"type": "string", "format": "date-time"}""", "\"0000-00-00 00:00:00\"", "`s.a` is outside the years 0001 to 9999 in line 2 of tap-test: \"0000-00-00 00:00:00\"")]
    [InlineData("""{"type": "string", "format": "date-time"}""", "1577836800", "`s.a` is not a date-time in line 2 of tap-test: 1577836800")]
    [InlineData("""{"type": "string", "format": "date"}""", "\"2020-02-30\"", "`s.a` is not a date in line 2 of tap-test: \"2020-02-30\"")]
    [InlineData("""{"type": "string", "format": "date"}""", "\"2020-02-20T10:00:00\"", "`s.a` has a time of day in line 2 of tap-test: \"2020-02-20T10:00:00\"")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "{}", "`s.a` is not an array in line 2 of tap-test: {}")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "[1, \"x\"]", "`s.a[]` is not a whole number in line 2 of tap-test: \"x\"")]
    [InlineData("""{"type": "array", "items": {"properties": {"x": {"type": "object", "properties": {"y": {"type": "integer"}}}}}}""", "[{\"x\": {\"y\": []}}]", "`s.a[].x.y` is not a whole number in line 2 of tap-test: []")]
    [InlineData("""{"properties": {"x": {}}}""", "[]", "`s.a` is not an object in line 2 of tap-test: []")]
    [InlineData("""{"properties": {"x": {}}}""", "{\"x\": 1, \"x\": 2}", "`s.a.x` is there twice in line 2 of tap-test")]
    public async Task Read_ValueThatDoesNotFit_NamesFieldLineAndValue(string schema, string value, string what)
    {
        var sink = new RecordingSink();
        await ReadAsync(sink, Schema("a", schema), Record($$"""{"a": {{value}}}"""));
        Assert.Equal(what, sink.Failures["s"].What);
        Assert.NotNull(sink.Failures["s"].Hint);
    }

    [Fact]
    public async Task Read_RecursiveReference_IsJsonText()
    {
        var sink = new RecordingSink();
        await ReadAsync(
            sink,
            """{"type": "SCHEMA", "stream": "s", "schema": {"definitions": {"tree": {"type": "object", "properties": {"left": {"$ref": "#/definitions/tree"}, "n": {"type": "integer"}}}}, "properties": {"t": {"$ref": "#/definitions/tree"}}}}""",
            Record("""{"t": {"n": 1, "left": {"n": 2, "left": null}}}"""));
        Assert.Equal(["t={left: {\"n\": 2, \"left\": null}, n: 1}"], sink.Rows["s"]);
    }

    [Fact]
    public async Task Read_ReferencesThatMultiply_AreRefused()
    {
        var twice = """{"properties": {"x": {"$ref": "#/definitions/dNEXT"}, "y": {"$ref": "#/definitions/dNEXT"}}}""";
        var definitions = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"\"d{i}\": {twice.Replace("NEXT", $"{i + 1}", StringComparison.Ordinal)}"));
        var sink = new RecordingSink();
        await ReadAsync(sink, """{"type": "SCHEMA", "stream": "s", "schema": {"definitions": {""" + definitions + """, "d30": {"type": "integer"}}, "properties": {"a": {"$ref": "#/definitions/d0"}}}}""");
        Assert.Equal("the schema of `s` has more than 10000 fields in line 1 of tap-test", sink.Failures["s"].What);
    }

    [Fact]
    public async Task Read_HalvesOfSurrogatePairs_AreCounted()
    {
        var summary = await ReadAsync(new RecordingSink(), Schema("a", """{"type": "string"}"""), Record("""{"a": "\ud83d"}"""), Record("""{"a": "\ude00\ude00"}"""));
        Assert.Equal(3, Assert.Single(summary.Streams).ReplacedSurrogates);
    }
}
