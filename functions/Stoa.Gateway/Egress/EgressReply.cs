using System.Buffers;

namespace Stoa.Gateway.Egress;

/// <summary>
/// A complete answer: status, headers and the body's bytes as sent (no decompression). The body lives in a pooled buffer and must not be
/// touched after <see cref="Dispose"/>.
/// </summary>
internal sealed class EgressReply : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly int _length;
    private byte[]? _buffer;

    /// <summary>Takes over the response and a buffer of the shared pool.</summary>
    public EgressReply(HttpResponseMessage response, byte[] buffer, int length) =>
        (_response, _buffer, _length) = (response, buffer, length);

    public int Status => (int)_response.StatusCode;

    public bool IsSuccess => _response.IsSuccessStatusCode;

    public ReadOnlyMemory<byte> Body
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Where the answer came from, redirects followed; it may hold a credential.</summary>
    public Uri? Url => _response.RequestMessage?.RequestUri;

    /// <summary>Media type and character set; empty when the upstream named none.</summary>
    public ContentKind Content => new(Header("Content-Type"));

    /// <summary>The raw value of a response or content header, several values joined by a comma; null when absent.</summary>
    public string? Header(string name) =>
        _response.Content.Headers.NonValidated.TryGetValues(name, out var values) || _response.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>How long the upstream asks to be left alone (RFC 9110 §10.2.3); never negative, null when it does not say.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now)
    {
        var asked = _response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    /// <summary>The same answer with another body, in a buffer of the shared pool, which it takes over; this one is disposed.</summary>
    public EgressReply WithBody(byte[] buffer, int length)
    {
        var mine = Interlocked.Exchange(ref _buffer, null);
        ObjectDisposedException.ThrowIf(mine is null, this);
        ArrayPool<byte>.Shared.Return(mine);
        return new(_response, buffer, length);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _response.Dispose();
        }
    }
}
