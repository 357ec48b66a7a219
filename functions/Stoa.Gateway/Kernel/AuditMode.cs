namespace Stoa.Gateway.Kernel;

/// <summary>When the record of a call must be durable.</summary>
public enum AuditMode
{
    /// <summary>That it is intended: before its answer ends. The work begins meanwhile, and so does a stream.</summary>
    Buffered,

    /// <summary>That it is intended: before the work begins. How it ended: before its answer is given, or a stream's last event.</summary>
    Closed,
}
