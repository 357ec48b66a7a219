using Microsoft.Extensions.Logging;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>What the ledger's writer tells operators.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(5101, LogLevel.Warning, "The audit ledger's blob {Blob} cannot be written; records wait and are tried again.")]
    public static partial void Delayed(ILogger logger, string blob, Exception exception);

    [LoggerMessage(5102, LogLevel.Error, "The audit ledger's blob {Blob} is missing or holds what this instance did not write. It goes on in another; find out who did that.")]
    public static partial void Foreign(ILogger logger, string blob);
}
