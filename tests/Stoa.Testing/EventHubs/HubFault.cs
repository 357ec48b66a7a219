namespace Stoa.Testing.EventHubs;

/// <summary>What the stand-in does to a request instead of serving it.</summary>
public enum HubFault
{
    None,

    /// <summary>Refuses as a hub over its throughput units does. Assumed: 503, as the HTTP status of ServerBusy is not documented.</summary>
    Throttle,

    /// <summary>429, which some gateways in front of services answer.</summary>
    TooMany,

    /// <summary>Fails with 500, which is documented, and keeps nothing.</summary>
    Fail,

    /// <summary>Drops the connection before the batch is kept.</summary>
    DropBefore,

    /// <summary>Keeps the batch, and drops the connection instead of confirming.</summary>
    DropAfter,
}
