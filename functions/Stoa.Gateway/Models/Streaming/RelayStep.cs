namespace Stoa.Gateway.Models.Streaming;

/// <summary>What a relay has to do next.</summary>
internal enum RelayStep
{
    /// <summary>Go on with the next event.</summary>
    Next,

    /// <summary>No further event is complete: read.</summary>
    Empty,

    /// <summary>The answer has more tokens than were reserved.</summary>
    Bound,

    /// <summary>The last event has been written.</summary>
    Ended,

    /// <summary>There is a failure that the caller has not been told.</summary>
    Broken,

    /// <summary>There is nobody to tell anything.</summary>
    Stopped,
}
