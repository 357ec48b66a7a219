using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>The spec of a <c>Consumer</c>; <see cref="ConsumerKind"/> says what each field means.</summary>
/// <param name="Tools">Null means every tool, an empty list none.</param>
/// <param name="Models">The same of models.</param>
internal sealed record ConsumerSpec(
    string? DisplayName, string? Description, ConsumerType Type, IReadOnlyList<string> Scopes, Role Role, IReadOnlyList<string>? Tools, bool Suspended,
    QuotaPolicyRef? QuotaPolicyRef = null, IReadOnlyList<string>? Models = null);
