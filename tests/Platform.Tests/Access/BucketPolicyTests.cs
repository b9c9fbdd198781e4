using DataSpoc.Platform.Access;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Platform.Tests.Access;

public sealed class BucketPolicyTests
{
    private const string Ana = "arn:aws:iam:::user/ana", Bob = "arn:aws:iam:::user/bob";

    [Fact]
    public void Json_SaysWhoMayDoWhat_InAsFewStatementsAsThatNeeds()
    {
        var grants = new Grants(
        [
            new(Ana, "gold/", ActionWords.OnPrefix), new(Bob, "gold/", Actions.Read | Actions.List), new(Ana, "raw/", Actions.Read | Actions.List),
            new(Bob, "raw/", Actions.Read | Actions.List), new(Bob, ".dataspoc/manifest.json", Actions.Read), new(Ana, "raw/", Actions.Uploads),
        ]);
        Assert.Equal(
            """{"Version":"2012-10-17","Statement":["""
            + """{"Sid":"DataSpoc0","Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/bob"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::lake/.dataspoc/manifest.json","arn:aws:s3:::lake/gold/*","arn:aws:s3:::lake/raw/*"]},"""
            + """{"Sid":"DataSpoc1","Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/ana"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::lake/raw/*"]},"""
            + """{"Sid":"DataSpoc2","Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/ana","arn:aws:iam:::user/bob"]},"Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::lake"],"Condition":{"StringLike":{"s3:prefix":["gold/*","raw/*"]}}},"""
            + """{"Sid":"DataSpoc3","Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/ana"]},"Action":["s3:GetObject","s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts","s3:DeleteObject"],"Resource":["arn:aws:s3:::lake/gold/*"]},"""
            + """{"Sid":"DataSpoc4","Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/ana"]},"Action":["s3:ListBucketMultipartUploads"],"Resource":["arn:aws:s3:::lake"]}]}""",
            new BucketPolicy(grants, false, []).Json("lake"));
    }

    [Fact]
    public void Read_OfWhatWasWritten_GivesTheSameGrants()
    {
        var grant = from principal in Gen.Elements(Ana, Bob, "arn:aws:iam::1:role/etl")
                    from prefix in Gen.Elements("raw/", "gold/", "gold/x/", ".dataspoc/manifest.json", "ml/", ".dataspoc/ml/state/", ".dataspoc/ml/state/requests-")
                    from actions in Gen.Choose(1, 31)
                    select new Grant(principal, prefix, (Actions)actions);
        Prop.ForAll(grant.ListOf().ToArbitrary(), static list =>
        {
            var grants = new Grants(list);
            var read = PolicyReader.Read(new BucketPolicy(grants, true, []).Json("lake"), "lake");
            Assert.Equal(grants.All, read.Grants.All);
            Assert.True(read.TlsOnly);
            Assert.Empty(read.Foreign);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Read_KnowsAPolicyThatTheServerWroteAnew()
    {
        var read = PolicyReader.Read("""{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*"}}""", "lake");
        Assert.Equal([new(Ana, "raw/", Actions.Read)], read.Grants.All);
    }

    [Theory]
    [InlineData("""{"Sid":"x","Effect":"Deny","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::lake/raw/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:*","Resource":"arn:aws:s3:::lake/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/*/x/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"NotAction":"s3:GetObject","Resource":"arn:aws:s3:::lake/raw/*"}""")]
    [InlineData("""{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/ana"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::lake"}""")]
    public void Read_OfAStatementThatIsNotOurs_KeepsItAsItIs(string statement)
    {
        var read = PolicyReader.Read($$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""", "lake");
        Assert.True(read.Grants.IsEmpty);
        Assert.Equal(("x", statement), (Assert.Single(read.Foreign).Name, read.Foreign[0].Json));
    }
}
