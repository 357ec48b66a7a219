using Stoa.Gateway.Egress;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Manage;

/// <summary>What documents are judged by, beside the other resources of their tenant.</summary>
/// <param name="HasIdentity">The gateway has an identity of its own at Azure, which a provider may be given.</param>
internal sealed record ApplyGrounds(SecretVault Vault, AddressRules Addresses, bool HasIdentity);
