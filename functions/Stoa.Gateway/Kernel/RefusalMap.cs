namespace Stoa.Gateway.Kernel;

/// <summary>The one table from refusals to the words of each protocol. Total: a test walks the enum.</summary>
public static class RefusalMap
{
    /// <summary>
    /// HTTP status; JSON-RPC code (MCP reserves -32000 to -32099, so ours count down from -31001); OAuth error (RFC 6749 §5.2, RFC 6750 §3.1);
    /// and the name used in REST error bodies and as the <c>error.type</c> metric tag.
    /// </summary>
    public static RefusalCodes Of(RefusalKind kind) => kind switch
    {
        RefusalKind.MalformedBody => new(400, -32700, "invalid_request", "malformed_body"),
        RefusalKind.MalformedRequest => new(400, -32600, "invalid_request", "malformed_request"),
        RefusalKind.BodyTooLarge => new(413, -31001, "invalid_request", "body_too_large"),
        RefusalKind.UnsupportedMediaType => new(415, -31002, "invalid_request", "unsupported_media_type"),
        RefusalKind.NotAcceptable => new(406, -31008, "invalid_request", "not_acceptable"),
        RefusalKind.HostForbidden => new(403, -31003, "access_denied", "host_forbidden"),
        RefusalKind.OriginForbidden => new(403, -31004, "access_denied", "origin_forbidden"),
        RefusalKind.NotFound => new(404, -31005, "invalid_request", "not_found"),
        RefusalKind.MethodNotAllowed => new(405, -31006, "invalid_request", "method_not_allowed"),
        RefusalKind.WebSocketUnsupported => new(501, -31007, "invalid_request", "websocket_unsupported"),

        RefusalKind.MissingCredential => new(401, -31010, "invalid_token", "missing_credential"),
        RefusalKind.InvalidCredential => new(401, -31011, "invalid_token", "invalid_credential"),
        RefusalKind.ConflictingCredentials => new(400, -31012, "invalid_request", "conflicting_credentials"),
        RefusalKind.AddressForbidden => new(403, -31013, "access_denied", "address_forbidden"),
        RefusalKind.SenderUnproven => new(401, -31014, "invalid_token", "sender_unproven"),
        RefusalKind.TenantUnknown => new(404, -31015, "access_denied", "tenant_unknown"),
        RefusalKind.Suspended => new(403, -31016, "access_denied", "suspended"),
        RefusalKind.InsufficientScope => new(403, -31017, "insufficient_scope", "insufficient_scope"),
        RefusalKind.RoleRequired => new(403, -31018, "access_denied", "role_required"),

        RefusalKind.TenantBusy => new(429, -31020, "slow_down", "tenant_busy"),
        RefusalKind.InstanceBusy => new(503, -31021, "temporarily_unavailable", "instance_busy"),
        RefusalKind.QuotaExceeded => new(429, -31022, "slow_down", "quota_exceeded"),
        RefusalKind.BudgetExceeded => new(429, -31023, "slow_down", "insufficient_quota"),
        RefusalKind.PriceUnknown => new(403, -31024, "access_denied", "price_unknown"),
        RefusalKind.TrialExpired => new(402, -31025, "access_denied", "trial_expired"),
        RefusalKind.SubscriptionInactive => new(403, -31026, "access_denied", "subscription_inactive"),

        // An unknown tool is an invalid parameter of tools/call (MCP server/tools, error handling).
        RefusalKind.UnknownTool => new(404, -32602, "invalid_request", "unknown_tool"),
        RefusalKind.UnknownModel => new(404, -32602, "invalid_request", "model_not_found"),
        RefusalKind.ModelForbidden => new(403, -31027, "access_denied", "model_not_allowed"),
        RefusalKind.UnsupportedRequest => new(400, -32602, "invalid_request", "unsupported_request"),
        RefusalKind.InvalidArguments => new(400, -32602, "invalid_request", "invalid_arguments"),
        RefusalKind.PolicyDenied => new(403, -31030, "access_denied", "policy_denied"),

        RefusalKind.InvalidResource => new(400, -31040, "invalid_request", "invalid_resource"),
        RefusalKind.Conflict => new(409, -31041, "invalid_request", "conflict"),
        RefusalKind.VersionMismatch => new(412, -31042, "invalid_request", "version_mismatch"),
        RefusalKind.Erased => new(410, -31043, "invalid_request", "erased"),

        RefusalKind.StorageUnavailable => new(503, -31050, "temporarily_unavailable", "storage_unavailable"),
        RefusalKind.AuditUnavailable => new(503, -31051, "temporarily_unavailable", "audit_unavailable"),
        RefusalKind.Fault => new(500, -32603, "server_error", "internal_error"),

        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

/// <summary>One refusal in every protocol's words.</summary>
public readonly record struct RefusalCodes(int Http, int Rpc, string OAuth, string Name);
