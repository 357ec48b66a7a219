using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Secrets;

/// <summary>The spec of a <c>Secret</c>; <see cref="SecretKind"/> says what each field means.</summary>
/// <param name="Data">Sealed or plain, as the JSON had them.</param>
internal sealed record SecretSpec(
    string? Description, IReadOnlyDictionary<string, Secret>? Data, IReadOnlyDictionary<string, string>? KeyVault);
