using System.Diagnostics.CodeAnalysis;

namespace Stoa.Gateway.Egress;

/// <summary>Either the upstream's answer, which the caller disposes, or why there is none.</summary>
internal readonly struct EgressResult<T>
    where T : class, IDisposable
{
    public EgressResult(T value) => Value = value;

    public EgressResult(EgressFailure failure) => Failure = failure;

    public T? Value { get; }

    public EgressFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsAnswer => Value is not null;
}
