namespace Stoa.Gateway.Kernel;

/// <summary>
/// Why a request goes no further: an expected outcome, so a value. The message is for the caller: it says what is wrong and what to do,
/// and names nothing that the caller may not know.
/// </summary>
public sealed record Refusal(RefusalKind Kind, string Message)
{
    /// <summary>When it makes sense to come back; becomes <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The scope that would have been enough (RFC 6750 §3.1 insufficient_scope).</summary>
    public Scopes RequiredScope { get; init; }

    /// <summary>One line per fault when there are several, for example invalid arguments.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Methods that the URL does have, for 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The limit that is used up, when it is that.</summary>
    public ExceededLimit? Exceeded { get; init; }

    /// <summary>How the caller's limits stand, for headers.</summary>
    public IReadOnlyList<Allowance> Allowances { get; init; } = [];
}

/// <summary>Every way to be refused; <see cref="RefusalMap"/> gives each its status and codes.</summary>
public enum RefusalKind
{
    MalformedBody,
    MalformedRequest,
    BodyTooLarge,
    UnsupportedMediaType,
    NotAcceptable,
    HostForbidden,
    OriginForbidden,
    NotFound,
    MethodNotAllowed,
    WebSocketUnsupported,

    MissingCredential,
    InvalidCredential,
    ConflictingCredentials,
    AddressForbidden,
    SenderUnproven,
    TenantUnknown,
    Suspended,
    InsufficientScope,
    RoleRequired,

    TenantBusy,
    InstanceBusy,
    QuotaExceeded,
    BudgetExceeded,
    PriceUnknown,
    TrialExpired,
    SubscriptionInactive,

    UnknownTool,
    UnknownModel,
    ModelForbidden,
    UnsupportedRequest,
    InvalidArguments,
    PolicyDenied,

    InvalidResource,
    Conflict,
    VersionMismatch,
    Erased,

    StorageUnavailable,
    AuditUnavailable,
    Fault,
}
