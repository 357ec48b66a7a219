using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// The port to the gateway's own identity: an access token for Azure's language models (scope
/// <c>https://cognitiveservices.azure.com/.default</c>), cached until it is due. Throws
/// <see cref="Storage.StorageUnavailableException"/> when there is none now.
/// </summary>
internal delegate ValueTask<Secret> ReadIdentityToken(CancellationToken ct);
