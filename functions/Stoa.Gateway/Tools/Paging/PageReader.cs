using System.Globalization;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>
/// Reads the pages of a tool one after the other and makes one answer of them, within the tool's caps on pages, items, bytes and time. A
/// list that a cap cuts short says so in the remark. When a later page fails the whole call fails and says how far it came: a list with
/// a hole in it looks like a complete one.
/// </summary>
internal sealed class PageReader(ToolUpstream upstream, TimeProvider time)
{
    public async ValueTask<UpstreamResult> ReadAsync(ToolRequest request, CancellationToken ct)
    {
        using var pages = new PageSet();
        var plan = request.Tool.Pages!;
        var walk = new PageWalk(plan, request.Arguments);
        var bytesLeft = request.Tool.Spec.MaxResponseBytes;
        var started = time.GetTimestamp();
        var requests = 0;
        for (var page = walk.First; ;)
        {
            var left = request.Timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return Failed(pages, $"The pages did not all come within the {DurationText.Format(request.Timeout)} that this call may take.") with { Requests = requests };
            }

            var sent = await upstream.SendAsync(request with { Page = page }, left, ct);
            requests += sent.Requests;
            if (sent.Reply is not { } reply)
            {
                return pages.Count == 0 ? sent : Failed(pages, sent.Fault) with { Requests = requests };
            }

            if (!reply.IsSuccess && pages.Count == 0)
            {
                return sent;
            }

            bytesLeft -= reply.Body.Length;
            var step = Take(reply, walk, plan, pages, bytesLeft);
            if (step.Fault.Length > 0)
            {
                return Failed(pages, step.Fault) with { Requests = requests };
            }

            // A sample, in a test, is all the pages that there are.
            if (step.Next is null || request.Trial is { Sends: false })
            {
                return new(pages.ToReply(), "") { Requests = requests, IsReached = true, Remark = step.Remark };
            }

            page = step.Next;
        }
    }

    /// <summary>Adds the page, or disposes of it, and decides how to go on.</summary>
    private PageStep Take(EgressReply reply, PageWalk walk, PagePlan plan, PageSet pages, long bytesLeft)
    {
        var isKept = false;
        try
        {
            // Some endpoints answer 204 behind the end of a list.
            if (pages.Count > 0 && reply.IsSuccess && reply.Body.IsEmpty)
            {
                return PageStep.End;
            }

            var list = default(PageList);
            if (Complaint(reply, plan, out list) is { } complaint)
            {
                return PageStep.Failed(complaint);
            }

            if (pages.IsRepeat(reply, list))
            {
                return PageStep.Cut("The endpoint gave the same page twice, so the list may not be complete.");
            }

            if (bytesLeft < 0 && pages.Count > 0)
            {
                return PageStep.Cut(Shown(pages, isSure: true));
            }

            isKept = true;
            var isWhole = pages.Add(reply, list, plan.Spec.MaxItems);
            var next = walk.Next(reply, list, out var remark, out var fault);
            return fault.Length > 0 ? PageStep.Failed($"The upstream's answer {fault}")
                : !isWhole ? PageStep.Cut(Shown(pages, isSure: true))
                : next is null ? new(null, remark, "")
                : pages.Items >= plan.Spec.MaxItems || pages.Count >= plan.Spec.MaxPages ? PageStep.Cut(Shown(pages, isSure: plan.Spec.Type is PaginationType.Cursor or PaginationType.Link))
                : new(next, null, "");
        }
        finally
        {
            if (!isKept)
            {
                reply.Dispose();
            }
        }
    }

    private string? Complaint(EgressReply reply, PagePlan plan, out PageList list)
    {
        list = default;
        return !reply.IsSuccess ? ToolAnswer.Failure(reply, time.GetUtcNow())
            : !reply.Content.IsJson || reply.Body.IsEmpty ? "The upstream answered with something other than JSON, which this tool needs to find its list."
            : !JsonBody.TryRead(reply.Body.Span, out _) ? "The upstream answered with malformed JSON."
            : PageList.TryFind(reply.Body.Span, plan.Items, out list, out var fault) ? null
            : $"The upstream's answer {fault}";
    }

    private static string Shown(PageSet pages, bool isSure) => string.Create(
        CultureInfo.InvariantCulture,
        $"Only the first {Items(pages)} {(isSure ? "of more are shown." : "are shown; there may be more.")}");

    private static string Items(PageSet pages) => pages.Items == 1 ? "1 item" : string.Create(CultureInfo.InvariantCulture, $"{pages.Items} items");

    private static UpstreamResult Failed(PageSet pages, string fault) => new(null, pages.Count == 0 ? fault : string.Create(
        CultureInfo.InvariantCulture,
        $"The list could not be read to its end: page {pages.Count + 1} failed after {Items(pages)}. {fault}")) { IsReached = true };
}

/// <summary>How it goes on after a page: to the next one, or to the end, or not at all.</summary>
internal readonly record struct PageStep(PageRequest? Next, string? Remark, string Fault)
{
    public static PageStep End => new(null, null, "");

    public static PageStep Cut(string remark) => new(null, remark, "");

    public static PageStep Failed(string fault) => new(null, null, fault);
}
