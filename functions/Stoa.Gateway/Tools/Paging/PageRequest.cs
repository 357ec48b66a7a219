namespace Stoa.Gateway.Tools.Paging;

/// <summary>What asks for one page: query parameters of the tool's own, or a URL that the endpoint named.</summary>
/// <param name="Query">Names and values, not yet encoded.</param>
/// <param name="Link">Without the tool's credential, which every attempt adds anew.</param>
internal sealed record PageRequest(IReadOnlyList<KeyValuePair<string, string>> Query, Uri? Link);
