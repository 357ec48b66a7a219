using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>A tool's <c>pagination</c>, its paths compiled.</summary>
internal sealed class PagePlan
{
    private PagePlan(PaginationSpec spec, ResponsePath items, ResponsePath? next, RequestPlan request)
    {
        (Spec, Items, Next) = (spec, items, next);
        LimitArgument = request.PageArgument(spec.LimitParam);
        StartArgument = request.PageArgument(StartParam);
        CredentialQueryName = request.CredentialQueryName;
    }

    public PaginationSpec Spec { get; }

    public ResponsePath Items { get; }

    /// <summary>The next cursor, or the next link where the endpoint puts it into the answer.</summary>
    public ResponsePath? Next { get; }

    /// <summary>The argument that sets the size of a page.</summary>
    public string? LimitArgument { get; }

    /// <summary>The argument that says where to begin.</summary>
    public string? StartArgument { get; }

    public string? CredentialQueryName { get; }

    /// <summary>The query parameter that says where a page begins; null for links.</summary>
    public string? StartParam => Spec.Type switch
    {
        PaginationType.Offset => Spec.OffsetParam,
        PaginationType.Page => Spec.PageParam,
        PaginationType.Cursor => Spec.CursorParam,
        _ => null,
    };

    public static PagePlan? Of(PaginationSpec? spec, RequestPlan request) => spec is null
        ? null
        : new(spec, ResponsePath.OfStored(spec.Items ?? "$"), spec.NextCursor is { } next ? ResponsePath.OfStored(next) : null, request);
}
