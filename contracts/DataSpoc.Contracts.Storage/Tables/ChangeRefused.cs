namespace DataSpoc.Contracts.Storage.Tables;

/// <summary>A change that its table will not take however often it is asked, or whose staged bytes are gone: the run that holds it is aborted.</summary>
internal sealed class ChangeRefused(UserError reason) : Exception(reason.Message, reason)
{
    public UserError Reason => reason;
}
