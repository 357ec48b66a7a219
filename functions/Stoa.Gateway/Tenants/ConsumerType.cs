namespace Stoa.Gateway.Tenants;

/// <summary>What a consumer is; without effect on what it may do.</summary>
internal enum ConsumerType
{
    Agent,
    App,
}
