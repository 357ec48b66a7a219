using Azure.Core;

namespace Stoa.Azure.Rest;

/// <summary>For writes: the pipeline sends them once and calls no status an error, as a lost answer must be looked into, not repeated.</summary>
internal sealed class SendOnce : ResponseClassifier
{
    public static readonly SendOnce Instance = new();

    public override bool IsRetriable(HttpMessage message, Exception exception) => false;

    public override bool IsRetriableException(Exception exception) => false;

    public override bool IsRetriableResponse(HttpMessage message) => false;

    public override bool IsErrorResponse(HttpMessage message) => message.Response.Status >= 500;
}
