using Xunit;
using static Pipe.Tests.Sources.Singer.SingerLines;

namespace Pipe.Tests.Sources.Singer;

public sealed class SchemaChangeTests
{
    private readonly RecordingSink sink = new();

    [Fact]
    public async Task Read_SchemaAgain_IsIgnored()
    {
        var schema = Schema("a", """{"type": "integer", "description": "first"}""");
        await ReadAsync(sink, schema, Record("""{"a": 1}"""), Schema("a", """{"type": ["null", "integer"]}"""), Record("""{"a": 2}"""));
        Assert.Equal(["schema s: a BIGINT", "row s: a=1", "row s: a=2"], sink.Events);
        Assert.Equal(2, Assert.Single(sink.Chunks).Count);
    }

    [Fact]
    public async Task Read_SchemaThatChanges_AppliesToWhatFollows()
    {
        await ReadAsync(
            sink,
            Schema("a", """{"type": "integer"}"""),
            Record("""{"a": 1}"""),
            Schema("\"b\": {\"type\": \"string\"}, \"a\": {\"type\": \"integer\"}"),
            Record("""{"a": 2, "b": "x"}"""),
            Record("""{"a": 3}"""),
            Schema("a", """{"type": "string"}"""),
            Record("""{"a": "4"}"""));
        Assert.Equal(
            ["schema s: a BIGINT", "row s: a=1", "schema s: b VARCHAR, a BIGINT", "row s: b=x, a=2", "row s: b=null, a=3", "schema s: a VARCHAR", "row s: a=4"],
            sink.Events);
    }

    [Fact]
    public async Task Read_KeysThatChange_AreASchemaChange()
    {
        var first = Schema("\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"integer\"}").Replace("[]", "[\"a\"]", StringComparison.Ordinal);
        await ReadAsync(sink, first, Record("""{"a": 1}"""), first.Replace("[\"a\"]", "[\"b\"]", StringComparison.Ordinal), Record("""{"b": 1}"""));
        Assert.Equal(["schema s: a BIGINT key, b BIGINT", "row s: a=1, b=null", "schema s: a BIGINT, b BIGINT key", "row s: a=null, b=1"], sink.Events);
    }

    [Fact]
    public async Task Read_UndeclaredField_BecomesAColumn()
    {
        var summary = await ReadAsync(
            sink,
            Schema("a", """{"type": "integer"}"""),
            Record("""{"a": 1}"""),
            Record("""{"a": 2, "more": "x", "n": 1.50}"""),
            Record("""{"a": 3, "more": {"deep": [1, 2]}, "n": true}"""),
            Record("""{"a": 4, "more": null}"""));
        Assert.Equal(
            [
                "schema s: a BIGINT", "row s: a=1",
                "schema s: a BIGINT, more VARCHAR undeclared, n VARCHAR undeclared",
                "row s: a=2, more=x, n=1.50", "row s: a=3, more={\"deep\": [1, 2]}, n=true", "row s: a=4, more=null, n=null",
            ],
            sink.Events);
        Assert.Equal(["more", "n"], Assert.Single(summary.Streams).UndeclaredFields);
    }

    [Fact]
    public async Task Read_UndeclaredFieldInTheFirstRecord_LeavesNoTraceOfTheFirstTry()
    {
        await ReadAsync(sink, Schema("\"a\": {\"type\": \"integer\"}, \"l\": {\"type\": \"array\", \"items\": {\"type\": \"integer\"}}"), Record("""{"a": null, "l": [1], "new": 1}"""), Record("""{"a": 1, "l": [2, 3]}"""));
        Assert.Equal(["a=null, l=[1], new=1", "a=1, l=[2, 3], new=null"], sink.Rows["s"]);
    }

    [Fact]
    public async Task Read_UndeclaredFieldInsideObjects_BecomesAFieldThere()
    {
        var summary = await ReadAsync(
            sink,
            Schema("""
                "o": {"type": "object", "properties": {"x": {"type": "integer"}}},
                "l": {"type": "array", "items": {"type": "object", "properties": {"p": {"type": "object", "properties": {"q": {"type": "integer"}}}}}}
                """.ReplaceLineEndings(" ")),
            Record("""{"o": {"x": 1, "y": 2}, "l": [{"p": {"q": 1, "r": "z"}}, {"p": {"s": 5}}, {"extra": 1}]}"""),
            Record("""{"o": {"y": 3}, "l": []}"""));
        Assert.Equal(["o.y", "l[].p.r", "l[].p.s", "l[].extra"], Assert.Single(summary.Streams).UndeclaredFields);
        Assert.Equal(
            [
                "o={x: 1, y: 2}, l=[{p: {q: 1, r: z, s: null}, extra: null}, {p: {q: null, r: null, s: 5}, extra: null}, {p: null, extra: 1}]",
                "o={x: null, y: 3}, l=[]",
            ],
            sink.Rows["s"]);
    }

    [Fact]
    public async Task Read_AdditionalPropertiesWithASchema_TypesUndeclaredFields()
    {
        await ReadAsync(
            sink,
            """{"type": "SCHEMA", "stream": "s", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 99}}}""",
            Record("""{"a": 1, "b": 1.5}"""));
        Assert.Equal("schema s: a BIGINT, b DECIMAL(4,2) undeclared", sink.Events[1]);
    }

    [Fact]
    public async Task Read_AdditionalPropertiesForbidden_FailsTheStream()
    {
        await ReadAsync(
            sink,
            """{"type": "SCHEMA", "stream": "s", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}}""",
            Record("""{"a": 1}"""),
            Record("""{"a": 2, "_sdc_deleted_at": "2019-12-18T13:19:44+00:00+00:00"}"""),
            Record("""{"a": 3, "b": 1.5}"""),
            Record("""{"a": 4}"""));
        Assert.Equal("`s.b` in line 4 of tap-test is not in the schema of `s`, which allows no other fields", sink.Failures["s"].What);
        Assert.Equal(["a=1", "a=2, _sdc_deleted_at=2019-12-18T13:19:44+00:00+00:00"], sink.Rows["s"]);
    }

    [Fact]
    public async Task Read_UndeclaredFieldsWithoutEnd_FailTheStream()
    {
        var lines = Enumerable.Range(0, 20).Select(i => Record($$"""{"f{{i}}": 1}"""));
        await ReadAsync(sink, Options with { MaxUndeclaredFields = 10 }, [Schema("a", """{"type": "integer"}"""), .. lines]);
        Assert.StartsWith("records of `s` have more than 10 fields that its schema does not declare", sink.Failures["s"].What, StringComparison.Ordinal);
        Assert.Equal(10, sink.Rows["s"].Count);
    }

    [Fact]
    public async Task Read_ColumnsThatDifferInCaseOnly_GetNamesOfTheirOwn()
    {
        await ReadAsync(
            sink,
            Schema("\"ID\": {\"type\": \"integer\"}, \"id\": {\"type\": \"integer\"}, \"dt\": {\"type\": \"string\"}, \"\": {\"type\": \"integer\"}, \"a\\u0000b\": {\"type\": \"integer\"}"),
            Record("""{"id": 1, "ID": 2, "dt": "x", "": 3, "a\u0000b": 4, "Id": 5}"""));
        var columns = sink.Schemas["s"].Columns;
        Assert.Equal(["ID", "id", "dt", "", "a\0b", "Id"], columns.Select(c => c.SourceName));
        Assert.Equal("id", columns[1].Name);
        Assert.Matches("^ID_[0-9a-f]{8}$", columns[0].Name);
        Assert.Matches("^dt_[0-9a-f]{8}$", columns[2].Name);
        Assert.Equal(["_", "a_b"], columns.Skip(3).Take(2).Select(c => c.Name));
        Assert.Equal(columns.Count, columns.Select(c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.EndsWith("=2, id=1, " + columns[2].Name + "=x, _=3, a_b=4, " + columns[5].Name + "=5", sink.Rows["s"][0], StringComparison.Ordinal);
    }
}
