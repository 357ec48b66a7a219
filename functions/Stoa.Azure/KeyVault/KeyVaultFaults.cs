using Azure;
using Azure.Identity;

namespace Stoa.Azure.KeyVault;

/// <summary>Which exceptions of the Azure libraries mean that the vault, or the identity to reach it with, is not to be had now.</summary>
internal static class KeyVaultFaults
{
    // The pipeline gathers the failures of all its retries in an AggregateException, and reports its own time limit as a cancellation.
    public static bool IsUnavailable(Exception e, CancellationToken ct) => e switch
    {
        RequestFailedException or AuthenticationFailedException or AggregateException or IOException => true,
        OperationCanceledException => !ct.IsCancellationRequested,
        _ => false,
    };
}
