namespace Stoa.Gateway.Egress;

/// <summary>Carries a fault out of the handler's connect callback, which has no other way to say why there is no connection.</summary>
internal sealed class EgressConnectException(EgressFault fault, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public EgressFault Fault { get; } = fault;
}
