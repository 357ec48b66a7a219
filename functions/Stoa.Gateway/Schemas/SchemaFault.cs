namespace Stoa.Gateway.Schemas;

/// <summary>Why a schema cannot be compiled.</summary>
/// <param name="Location">JSON pointer into the schema, as a URI fragment such as <c>#/properties/city/type</c>.</param>
/// <param name="Reason">A sentence for the schema's author.</param>
internal sealed record SchemaFault(string Location, string Reason);
