namespace Stoa.Gateway.Models.Translation;

/// <summary>What a translated answer says of itself where the provider's own words do not fit.</summary>
/// <param name="Model">The name that the caller used.</param>
/// <param name="Now">For <c>created</c> and <c>created_at</c>.</param>
/// <param name="Id">To make ids of, for example the trace id: letters and digits.</param>
internal sealed record AnswerTerms(string Model, DateTimeOffset Now, string Id);
