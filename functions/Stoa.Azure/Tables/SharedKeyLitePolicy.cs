using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Azure.Rest;

namespace Stoa.Azure.Tables;

/// <summary>Signs table requests with "Shared Key Lite": the date and the path. Runs for each try, as the date is signed.</summary>
internal sealed class SharedKeyLitePolicy(AccountKey key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        // The comp parameter would be signed too; no request here has one.
        var date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var signature = key.Sign($"{date}\n/{key.Account}{message.Request.Uri.ToUri().AbsolutePath}");
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {key.Account}:{signature}");
    }
}
