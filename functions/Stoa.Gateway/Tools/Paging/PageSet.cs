using System.Buffers;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>The pages read so far, and the one answer made of them: the first page with the items of all in its list.</summary>
internal sealed class PageSet : IDisposable
{
    private readonly List<(EgressReply Reply, PageList List)> _pages = [];
    private bool _isCut;

    public int Count => _pages.Count;

    public int Items { get; private set; }

    /// <summary>True when the list has the very bytes of the page before: an endpoint that does not know the parameter.</summary>
    public bool IsRepeat(EgressReply reply, in PageList list) =>
        _pages is [.., var (before, last)] && list.Count > 0 && before.Body.Span[last.Start..last.End].SequenceEqual(reply.Body.Span[list.Start..list.End]);

    /// <summary>Takes over the reply. False when not all its items fit.</summary>
    public bool Add(EgressReply reply, in PageList list, int maxItems)
    {
        var taken = list.Take(reply.Body.Span, maxItems - Items);
        _pages.Add((reply, taken));
        _isCut |= taken.Count < list.Count;
        Items += taken.Count;
        return taken.Count == list.Count;
    }

    /// <summary>The answer, for the caller to dispose; the set is empty afterwards.</summary>
    public EgressReply ToReply()
    {
        var (first, list) = _pages[0];
        if (_pages.Count == 1 && !_isCut)
        {
            _pages.Clear();
            return first;
        }

        var tail = first.Body.Span[list.Close..];
        var merged = ArrayPool<byte>.Shared.Rent(list.Start + tail.Length + _pages.Sum(p => p.List.End - p.List.Start + 1));
        var length = Copy(first.Body.Span[..list.Start], merged, 0);
        var any = false;
        foreach (var (reply, items) in _pages.Where(p => p.List.Count > 0))
        {
            if (any)
            {
                merged[length++] = (byte)',';
            }

            length = Copy(reply.Body.Span[items.Start..items.End], merged, length);
            any = true;
        }

        length = Copy(tail, merged, length);
        _pages.RemoveAt(0);
        Dispose();
        return first.WithBody(merged, length);
    }

    public void Dispose()
    {
        _pages.ForEach(p => p.Reply.Dispose());
        _pages.Clear();
    }

    private static int Copy(ReadOnlySpan<byte> from, byte[] to, int at)
    {
        from.CopyTo(to.AsSpan(at));
        return at + from.Length;
    }
}
