using System.Globalization;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Ingestion.Masking;

/// <summary>How a column is kept from being stored as it comes.</summary>
internal enum MaskKind
{
    /// <summary>The column is left out.</summary>
    Drop,

    /// <summary>SHA-256 of the salt and the value's text, 64 hexadecimal digits: equal values stay equal.</summary>
    Hash,

    /// <summary>The first characters of the value's text.</summary>
    Truncate,
}

/// <summary>A column's mask.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Length">Characters that <see cref="MaskKind.Truncate"/> keeps.</param>
internal sealed record Mask(MaskKind Kind, int Length = 0)
{
    /// <summary>The environment variable that holds the salt of hashes.</summary>
    public const string SaltVariable = "DATASPOC_MASK_SALT";

    private const string Salt = "dataspoc_mask_salt";

    /// <summary>Reads <c>drop</c>, <c>hash</c> or <c>truncate(3)</c>.</summary>
    /// <exception cref="UserError">It is none of these (<see cref="ExitCode.Usage"/>).</exception>
    public static Mask Parse(string column, string text) => text.Trim() switch
    {
        "drop" => new(MaskKind.Drop),
        "hash" => new(MaskKind.Hash),
        ['t', 'r', 'u', 'n', 'c', 'a', 't', 'e', '(', .. var length, ')'] when int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && kept > 0 => new(MaskKind.Truncate, kept),
        _ => throw new UserError($"`{text}` is not a mask for `{column}`") { ExitCode = ExitCode.Usage, Hint = "write drop, hash or truncate(3)" },
    };

    /// <summary>The masked value in SQL; <see cref="Prepare"/> has been run on the connection.</summary>
    public string Of(string value) => Kind == MaskKind.Hash
        ? $"sha256(getvariable('{Salt}') || CAST({value} AS VARCHAR))"
        : string.Create(CultureInfo.InvariantCulture, $"left(CAST({value} AS VARCHAR), {Length})");

    /// <summary>The statement after which hashes can be made. The salt is a variable, so no error that quotes SQL can show it.</summary>
    /// <exception cref="UserError">There is no salt (<see cref="ExitCode.Usage"/>).</exception>
    public static string Prepare(string? salt) => string.IsNullOrEmpty(salt)
        ? throw new UserError($"columns are to be hashed, but `{SaltVariable}` is not set") { ExitCode = ExitCode.Usage, Hint = $"export {SaltVariable}=… with a secret of your own: without it anyone could find the values by trying" }
        : $"SET VARIABLE {Salt} = {DataSpoc.Contracts.DuckDb.Sql.Literal(salt)}";
}
