namespace Stoa.Gateway.Storage;

/// <summary>
/// The store did not answer in time or answered with a fault of its own; nothing is known beyond that. Becomes HTTP 503 at the edge.
/// </summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
