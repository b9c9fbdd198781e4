using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>One table cannot be read on; the connection and the other tables can.</summary>
internal sealed class StreamFailure(UserError error) : Exception(error.What, error)
{
    public UserError Error => error;
}
