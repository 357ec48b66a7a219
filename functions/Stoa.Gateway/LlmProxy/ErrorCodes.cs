using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Answers;

namespace Stoa.Gateway.LlmProxy;

/// <summary>One refusal or failure in the words of the two error shapes.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c>; a name that SDKs know where there is one, else the gateway's own.</param>
/// <param name="AnthropicType">Anthropic's <c>error.type</c>.</param>
/// <param name="MayPass">Whether the same request may fare better by itself; where not, SDKs are told not to repeat it.</param>
internal readonly record struct ErrorCodes(int Status, string Type, string Code, string AnthropicType, bool MayPass)
{
    private const string Invalid = "invalid_request_error";
    private const string Authentication = "authentication_error";
    private const string Permission = "permission_error";
    private const string RateLimit = "rate_limit_error";
    private const string Server = "server_error";

    /// <summary>Total: a test walks the enum.</summary>
    public static ErrorCodes Of(RefusalKind kind) => kind switch
    {
        RefusalKind.BodyTooLarge => Refused(kind, Invalid, "request_too_large"),
        RefusalKind.NotFound or RefusalKind.TenantUnknown => Refused(kind, Invalid, "not_found_error"),
        RefusalKind.UnknownModel or RefusalKind.UnknownTool => Refused(kind, Invalid, "not_found_error"),

        RefusalKind.MalformedBody or RefusalKind.MalformedRequest or RefusalKind.UnsupportedMediaType or RefusalKind.NotAcceptable
            or RefusalKind.MethodNotAllowed or RefusalKind.WebSocketUnsupported or RefusalKind.ConflictingCredentials or RefusalKind.UnsupportedRequest
            or RefusalKind.InvalidArguments or RefusalKind.InvalidResource or RefusalKind.Conflict or RefusalKind.VersionMismatch or RefusalKind.Erased => Refused(kind, Invalid, Invalid),

        RefusalKind.MissingCredential or RefusalKind.InvalidCredential => Refused(kind, Authentication, Authentication) with { Code = "invalid_api_key" },
        RefusalKind.SenderUnproven => Refused(kind, Authentication, Authentication),

        RefusalKind.HostForbidden or RefusalKind.OriginForbidden or RefusalKind.AddressForbidden or RefusalKind.Suspended or RefusalKind.InsufficientScope
            or RefusalKind.RoleRequired or RefusalKind.PriceUnknown or RefusalKind.SubscriptionInactive or RefusalKind.ModelForbidden
            or RefusalKind.PolicyDenied => Refused(kind, Permission, Permission),

        // A rate comes back by itself, a budget does not before its period ends: an SDK that repeats the call only loads everybody.
        RefusalKind.QuotaExceeded => Refused(kind, RateLimit, RateLimit) with { Code = "rate_limit_exceeded", MayPass = true },
        RefusalKind.TenantBusy => Refused(kind, RateLimit, RateLimit) with { MayPass = true },
        RefusalKind.BudgetExceeded => Refused(kind, "insufficient_quota", RateLimit),
        RefusalKind.TrialExpired => Refused(kind, "insufficient_quota", "billing_error"),

        RefusalKind.InstanceBusy => Refused(kind, Server, "overloaded_error") with { MayPass = true },
        RefusalKind.StorageUnavailable or RefusalKind.AuditUnavailable or RefusalKind.Fault => Refused(kind, Server, "api_error") with { MayPass = true },

        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The status is the failure's own.</summary>
    public static ErrorCodes Of(ModelFailure failure)
    {
        var codes = FailureCodes.Of(failure);
        var mayPass = failure.Kind is not (ModelFailureKind.RequestRefused or ModelFailureKind.CredentialRefused);
        return new(failure.Status, codes.Type, codes.Code, codes.AnthropicType, mayPass);
    }

    private static ErrorCodes Refused(RefusalKind kind, string type, string anthropicType)
    {
        var codes = RefusalMap.Of(kind);
        return new(codes.Http, type, codes.Name, anthropicType, MayPass: false);
    }
}
