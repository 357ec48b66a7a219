using Stoa.Gateway.Models.Prices;

namespace Stoa.Gateway.Models.Routing;

/// <summary>One target of a route for one request.</summary>
/// <param name="Provider">The provider's name and how to reach it.</param>
/// <param name="Model">As the provider calls it; for Azure the deployment is looked up by it.</param>
/// <param name="Wire">What is spoken with the provider for this request: the door's own wire where the provider knows it.</param>
/// <param name="Price">Null when nobody knows it.</param>
/// <param name="MaxOutputTokens">The most that the model can write; null when nobody knows it.</param>
internal sealed record Candidate(Provider Provider, string Model, Wire Wire, Price? Price, long? MaxOutputTokens);
