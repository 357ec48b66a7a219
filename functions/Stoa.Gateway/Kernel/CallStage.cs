namespace Stoa.Gateway.Kernel;

/// <summary>How far a call has come: the stages in the order of the corridor, and the work behind them.</summary>
public enum CallStage
{
    /// <summary>Its request, before there was a call.</summary>
    Entry,

    Scope,
    Subscription,
    Room,
    Target,
    Arguments,
    Skills,
    Input,
    Policy,
    Quota,
    Audit,
    Work,
}
