using Stoa.Gateway.Kernel;
using Stoa.Gateway.LlmProxy;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.LlmProxy;

public class ErrorCodesTests
{
    // OpenAI error codes guide, plus types of our own none; Anthropic API reference, "Errors".
    private static readonly string[] OpenAITypes = ["invalid_request_error", "authentication_error", "permission_error", "rate_limit_error", "insufficient_quota", "server_error"];

    private static readonly string[] AnthropicTypes =
    [
        "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error", "request_too_large", "rate_limit_error",
        "timeout_error", "api_error", "overloaded_error",
    ];

    public static TheoryData<int> Refusals => [.. Enum.GetValues<RefusalKind>().Select(kind => (int)kind)];

    public static TheoryData<int> Failures => [.. Enum.GetValues<ModelFailureKind>().Select(kind => (int)kind)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Every_refusal_has_words_in_both_shapes(int kind)
    {
        var codes = ErrorCodes.Of((RefusalKind)kind);

        Assert.Equal(RefusalMap.Of((RefusalKind)kind).Http, codes.Status);
        Assert.Contains(codes.Type, OpenAITypes);
        Assert.Contains(codes.AnthropicType, AnthropicTypes);
        Assert.Matches("^[a-z_]+$", codes.Code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_has_words_in_both_shapes(int kind)
    {
        var codes = ErrorCodes.Of(new ModelFailure(502, (ModelFailureKind)kind, "It failed."));

        Assert.Equal(502, codes.Status);
        Assert.Contains(codes.Type, OpenAITypes);
        Assert.Contains(codes.AnthropicType, AnthropicTypes);
        Assert.Matches("^[a-z_]+$", codes.Code);
    }

    [Fact]
    public void What_will_not_pass_by_itself_is_not_to_be_repeated()
    {
        RefusalKind[] passing = [RefusalKind.QuotaExceeded, RefusalKind.TenantBusy, RefusalKind.InstanceBusy, RefusalKind.StorageUnavailable, RefusalKind.AuditUnavailable, RefusalKind.Fault];

        Assert.Equal(passing.Order(), Enum.GetValues<RefusalKind>().Where(kind => ErrorCodes.Of(kind).MayPass).Order());
        Assert.Equal(
            [ModelFailureKind.RequestRefused, ModelFailureKind.CredentialRefused],
            Enum.GetValues<ModelFailureKind>().Where(kind => !ErrorCodes.Of(new ModelFailure(502, kind, "It failed.")).MayPass).Order());
    }

    [Fact]
    public void A_spent_budget_is_what_SDKs_know_as_insufficient_quota()
    {
        var codes = ErrorCodes.Of(RefusalKind.BudgetExceeded);

        Assert.Equal((429, "insufficient_quota", "insufficient_quota", "rate_limit_error", false), (codes.Status, codes.Type, codes.Code, codes.AnthropicType, codes.MayPass));
    }

    [Theory]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(422, "invalid_request_error")]
    public void What_a_provider_refuses_keeps_its_status_and_code(int status, string anthropicType)
    {
        var codes = ErrorCodes.Of(new ModelFailure(status, ModelFailureKind.RequestRefused, "No.") { Code = "context_length_exceeded" });

        Assert.Equal((status, "context_length_exceeded", anthropicType), (codes.Status, codes.Code, codes.AnthropicType));
    }

    [Fact]
    public void A_model_that_a_provider_does_not_know_is_the_requests_fault_in_both_shapes()
    {
        var codes = ErrorCodes.Of(new ModelFailure(404, ModelFailureKind.Unavailable, "No such model."));

        Assert.Equal((404, "invalid_request_error", "not_found_error"), (codes.Status, codes.Type, codes.AnthropicType));
    }

    [Fact]
    public void An_overloaded_provider_is_overloaded_in_Anthropics_words() =>
        Assert.Equal("overloaded_error", ErrorCodes.Of(new ModelFailure(529, ModelFailureKind.Unavailable, "Overloaded.")).AnthropicType);
}
