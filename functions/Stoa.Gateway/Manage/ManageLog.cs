using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>Every management change is logged with who made it; values never are.</summary>
internal static partial class ManageLog
{
    [LoggerMessage(8001, LogLevel.Information, "{Caller} ({CredentialId}) applied {Applied} documents, {Refused} refused, dry run {DryRun}.")]
    public static partial void Applied(ILogger logger, string caller, string credentialId, int applied, int refused, bool dryRun);

    [LoggerMessage(8002, LogLevel.Information, "{Caller} ({CredentialId}) deleted {Kind} {Name} of {Tenant}.")]
    public static partial void Deleted(ILogger logger, string caller, string credentialId, string kind, string name, string tenant);

    [LoggerMessage(8003, LogLevel.Information, "{Caller} ({CredentialId}) rolled {Tenant} back to revision {Old} as revision {New}.")]
    public static partial void RolledBack(ILogger logger, string caller, string credentialId, TenantId tenant, long old, long @new);

    [LoggerMessage(8004, LogLevel.Information, "{Caller} ({CredentialId}) rotated the key ring.")]
    public static partial void KeyRingRotated(ILogger logger, string caller, string credentialId);

    [LoggerMessage(8005, LogLevel.Information, "{Caller} ({CredentialId}) issued key {KeyId} to {Tenant}/{Consumer}.")]
    public static partial void KeyIssued(ILogger logger, string caller, string credentialId, string keyId, TenantId tenant, string consumer);

    [LoggerMessage(8006, LogLevel.Information, "{Caller} ({CredentialId}) revoked key {KeyId} of {Tenant}/{Consumer}.")]
    public static partial void KeyRevoked(ILogger logger, string caller, string credentialId, string keyId, TenantId tenant, string consumer);

    [LoggerMessage(8007, LogLevel.Information, "{Caller} ({CredentialId}) tested tool {Tool} of {Tenant}, {Requests} requests sent.")]
    public static partial void Tested(ILogger logger, string caller, string credentialId, string tool, TenantId tenant, int requests);

    [LoggerMessage(8009, LogLevel.Information, "{Caller} ({CredentialId}) erased the audit keys of {Consumer} of {Tenant}: {Keys} keys.")]
    public static partial void SubjectErased(ILogger logger, string caller, string credentialId, string consumer, TenantId tenant, int keys);

    [LoggerMessage(8008, LogLevel.Information, "{Caller} ({CredentialId}) reset the usage of {Tenant}, consumer {Consumer}: {Scopes} scopes.")]
    public static partial void UsageReset(ILogger logger, string caller, string credentialId, TenantId tenant, string consumer, int scopes);

    [LoggerMessage(8009, LogLevel.Information, "{Caller} ({CredentialId}) probed LlmProvider {Provider} of {Tenant}; healthy: {IsHealthy}.")]
    public static partial void Probed(ILogger logger, string caller, string credentialId, string provider, TenantId tenant, bool isHealthy);

    [LoggerMessage(8010, LogLevel.Information, "{Caller} ({CredentialId}) made the subscription {Name} of {Tenant} {State}.")]
    public static partial void SubscriptionMoved(ILogger logger, string caller, string credentialId, TenantId tenant, string name, string state);
}
