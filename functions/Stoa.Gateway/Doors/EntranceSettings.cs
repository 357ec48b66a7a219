using System.Collections.Frozen;

namespace Stoa.Gateway.Doors;

/// <summary>Under which names the gateway may be addressed, and from which web pages.</summary>
/// <param name="publicUrl"><c>Stoa__PublicUrl</c>: where clients reach the gateway; absolute URLs are built from it, never from Host.</param>
/// <param name="behindFunctionsHost">True when the Functions host forwards to us: then Host and the peer address are the host's own.</param>
/// <param name="allowedHosts"><c>Stoa__AllowedHosts</c>: further host names, without ports.</param>
/// <param name="allowedOrigins"><c>Stoa__AllowedOrigins</c>: further browser origins, for every tenant.</param>
internal sealed class EntranceSettings(Uri? publicUrl, bool behindFunctionsHost, IEnumerable<string> allowedHosts, IEnumerable<string> allowedOrigins)
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly FrozenSet<string> _hosts = LoopbackNames.Concat(allowedHosts).Concat(publicUrl is null ? [] : [publicUrl.Host]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly FrozenSet<string> _origins = allowedOrigins.Concat(publicUrl is null ? [] : [publicUrl.GetLeftPart(UriPartial.Authority)]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Uri? PublicUrl => publicUrl;

    public bool BehindFunctionsHost => behindFunctionsHost;

    public bool AllowsHost(string host) => _hosts.Contains(host);

    /// <summary>A page served from loopback may call a gateway that was itself addressed by a loopback name: that is one machine.</summary>
    public bool AllowsOrigin(string origin, string host) =>
        _origins.Contains(origin)
        || (!behindFunctionsHost && IsLoopback(host) && Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme is "http" or "https" && IsLoopback(from.Host));

    private static bool IsLoopback(string host) => LoopbackNames.Contains(host, StringComparer.OrdinalIgnoreCase);
}
