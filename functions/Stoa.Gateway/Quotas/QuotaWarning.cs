using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Quotas;

/// <summary>A limit of which so much is used up that its owner wants to hear of it. Raised once per limit and window, by whichever instance marked the books.</summary>
/// <param name="Scope">Whose limit: <c>consumer</c>, <c>tenant</c>, <c>policy</c> or <c>tool</c>.</param>
/// <param name="Name">The consumer's, policy's or tool's name; null for the tenant.</param>
/// <param name="Limit">As refusals name it, for example <c>tokens_per_day</c>.</param>
/// <param name="Percent">The threshold that was reached.</param>
/// <param name="Used">Used by calls that have ended, in the unit of the limit; what is only reserved or held is not in it.</param>
/// <param name="Allowed">So much per window.</param>
/// <param name="ResetAt">When the window ends, or when all of it is free again if nothing is taken.</param>
internal sealed record QuotaWarning(
    TenantId Tenant, string Scope, string? Name, string Limit, int Percent, long Used, long Allowed, DateTimeOffset At, DateTimeOffset? ResetAt);

/// <summary>Who is to be told besides the log.</summary>
/// <param name="SecretRef">Signs what is sent; null: not signed.</param>
/// <param name="Revision">Has the Secret.</param>
internal sealed record QuotaWebhook(Uri Url, SecretRef? SecretRef, Revision Revision);
