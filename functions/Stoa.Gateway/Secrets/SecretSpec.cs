using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Secrets;

/// <summary>The spec of a <c>Secret</c>; <see cref="SecretKind"/> says what each field means. Values in <c>data</c> may be sealed or plain, as they were in the JSON.</summary>
internal sealed record SecretSpec(string? Description, IReadOnlyDictionary<string, Secret>? Data, IReadOnlyDictionary<string, string>? KeyVault);
