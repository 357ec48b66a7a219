using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Routing;

/// <summary>An LlmProvider of one revision.</summary>
internal sealed record Provider(string Name, string Uid, LlmProviderSpec Spec, Revision Revision);
