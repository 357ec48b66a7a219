using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Audit.Subjects;

/// <summary>Whose contents are hashed: one incarnation of a consumer in one of its tenant.</summary>
internal readonly record struct Subject(string TenantUid, string Consumer, string ConsumerUid)
{
    /// <summary>No name holds a colon.</summary>
    public string RowKey => $"{Consumer}:{ConsumerUid}";

    public static Subject? Of(Caller caller) =>
        caller.Revision is { } revision && revision.Find(ConsumerKind.Schema.Kind, caller.Name) is { } consumer
            ? new(revision.Uid, consumer.Name, consumer.Uid)
            : null;
}
