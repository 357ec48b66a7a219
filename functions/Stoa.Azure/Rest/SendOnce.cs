using Azure.Core;

namespace Stoa.Azure.Rest;

/// <summary>
/// For writes: the pipeline sends them once, as a lost answer must be looked into, and takes refusals for the outcomes that they are.
/// </summary>
internal sealed class SendOnce : ResponseClassifier
{
    public static readonly SendOnce Instance = new();

    public override bool IsRetriable(HttpMessage message, Exception exception) => false;

    public override bool IsRetriableException(Exception exception) => false;

    public override bool IsRetriableResponse(HttpMessage message) => false;

    public override bool IsErrorResponse(HttpMessage message) => message.Response.Status is not (< 300 or 404 or 409 or 412);
}
