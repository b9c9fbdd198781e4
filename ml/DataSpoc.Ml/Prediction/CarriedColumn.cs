using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Ml.Prediction;

/// <summary>A column of the input that is carried into the predictions.</summary>
/// <param name="Source">Its name in the input.</param>
/// <param name="Name">Its name in the predictions.</param>
/// <param name="Type">As it is stored.</param>
/// <param name="Expression">SQL that gives it in that type.</param>
internal sealed record CarriedColumn(string Source, string Name, LogicalType Type, string Expression)
{
    /// <summary>Copies rows 0 to <paramref name="count"/> - 1 of a column that was read into one that is written.</summary>
    public static void Copy(VectorReader from, VectorWriter to, int count)
    {
        if (from.Type.IsVariableLength)
        {
            for (var row = 0; row < count; row++)
                if (from.IsNull(row))
                    to.SetNull(row);
                else
                    to.SetValidString(row, from.String(row));
            return;
        }
        switch (from.Type.ByteWidth)
        {
            case 1: from.Values<byte>()[..count].CopyTo(to.Values<byte>()); break;
            case 2: from.Values<short>()[..count].CopyTo(to.Values<short>()); break;
            case 4: from.Values<int>()[..count].CopyTo(to.Values<int>()); break;
            case 8: from.Values<long>()[..count].CopyTo(to.Values<long>()); break;
            default: from.Values<Int128>()[..count].CopyTo(to.Values<Int128>()); break;
        }
        if (from.HasNulls)
            for (var row = 0; row < count; row++)
                if (from.IsNull(row))
                    to.SetNull(row);
    }
}
