namespace Stoa.Gateway.Schemas;

/// <summary>One way in which a value breaks its schema.</summary>
/// <param name="InstancePath">JSON pointer to the value at fault; empty for the whole.</param>
/// <param name="Keyword">The keyword that says no.</param>
/// <param name="SchemaLocation">Where that keyword stands, as a URI fragment such as <c>#/properties/city/minLength</c>.</param>
/// <param name="Message">For people and agents. It quotes the schema and names of properties, never a value of the instance.</param>
internal sealed record SchemaFinding(string InstancePath, string Keyword, string SchemaLocation, string Message);
