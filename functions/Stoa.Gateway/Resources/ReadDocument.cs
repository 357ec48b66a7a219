namespace Stoa.Gateway.Resources;

/// <summary>What became of one document of a request: a resource, or the faults that prevent it.</summary>
/// <param name="Kind">As written, even when nothing else is right; null when not to be found.</param>
/// <param name="Name">As written, likewise.</param>
/// <param name="Resource">Null exactly when there are faults.</param>
/// <param name="Faults">In the order of the text.</param>
internal sealed record ReadDocument(string? Kind, string? Name, ResourceDocument? Resource, IReadOnlyList<ResourceFault> Faults);
