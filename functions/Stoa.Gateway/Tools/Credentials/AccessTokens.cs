using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>
/// Access tokens of this instance, each fetched once for all who need it, and anew when four fifths of its life are over. A failure is
/// remembered for two seconds, so that a dead token endpoint is not asked by every call. Losing the cache loses nothing.
/// </summary>
internal sealed class AccessTokens
{
    public const int Capacity = 4096;

    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    /// <summary>An upstream that refuses every token must not make each call fetch one.</summary>
    public static readonly TimeSpan RejectionPause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TokenKey, AccessToken> _known = new();
    private readonly SingleFlight<TokenKey, AccessToken> _flights;
    private readonly TokenEndpoint _endpoint;
    private readonly TimeProvider _time;

    public AccessTokens(TokenEndpoint endpoint, TimeProvider time)
    {
        (_endpoint, _time) = (endpoint, time);
        _flights = new(FetchAsync);
    }

    public int Count => _known.Count;

    /// <summary>The token, or a failure in words; waits no longer than <paramref name="timeout"/>.</summary>
    public ValueTask<OpenedCredential> GetAsync(TokenKey key, TimeSpan timeout, CancellationToken ct)
    {
        var known = _known.GetValueOrDefault(key);
        var age = known is null ? default : Age(known);
        return known is not null && (known.IsFresh(age) || (known.IsUsable(age) && !known.TryClaimRefresh()))
            ? new(Cached(known))
            : new(ObtainAsync(key, known is not null && known.IsUsable(age) ? known : null, timeout, ct));
    }

    /// <summary>
    /// The upstream answered 401 to a cached token: the next call fetches another. False when that is not worth it, since this token had just
    /// replaced a rejected one.
    /// </summary>
    public bool TryInvalidate(AccessToken token)
    {
        if (token.ReplacesRejected && Age(token) < RejectionPause)
        {
            return false;
        }

        // Somebody else may have been first; then there is a newer one already, or its fetch is under way.
        _known.TryUpdate(token.Key, new(token.Key, null, "", _time.GetTimestamp(), TimeSpan.Zero, TimeSpan.Zero) { IsRejection = true }, token);
        return true;
    }

    private async Task<OpenedCredential> ObtainAsync(TokenKey key, AccessToken? inUse, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var fetched = await _flights.JoinAsync(key, ct).WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, _time, ct);
            return fetched.Credential is { } credential ? new(credential, "") : new(null, fetched.Fault);
        }
        catch (TimeoutException)
        {
            return inUse is not null ? Cached(inUse) : new(null, TokenAnswer.Failed("its token endpoint did not answer in time. Try again later.").Fault);
        }
    }

    private async Task<AccessToken> FetchAsync(TokenKey key)
    {
        // Whoever looked just before the last fetch ended, and joined just after it.
        if (_known.TryGetValue(key, out var arrived) && arrived.IsFresh(Age(arrived)))
        {
            return arrived;
        }

        // Taken before the request, so that a token is never thought younger than it is.
        var at = _time.GetTimestamp();
        var answer = await _endpoint.AskAsync(key);
        Trim();
        var before = _known.GetValueOrDefault(key);
        return _known[key] = answer.Token is { } token
            ? new(key, ToolCredential.Header("Authorization", "Bearer " + token.Reveal()), "", at, answer.Lifetime, 0.8 * answer.Lifetime) { ReplacesRejected = before?.IsRejection is true }
            : before is { Credential: not null } && before.IsUsable(Age(before))
                ? new(key, before.Credential, "", before.At, before.Lifetime, Age(before) + FailurePause) { ReplacesRejected = before.ReplacesRejected }
                : new(key, null, answer.Fault, _time.GetTimestamp(), FailurePause, FailurePause);
    }

    private static OpenedCredential Cached(AccessToken token) =>
        token.Credential is { } credential ? new(credential with { CachedToken = token }, "") : new(null, token.Fault);

    private void Trim()
    {
        foreach (var token in _known.Where(t => !t.Value.IsUsable(Age(t.Value)) && Age(t.Value) > RejectionPause))
        {
            _known.TryRemove(token);
        }

        if (_known.Count >= Capacity)
        {
            foreach (var token in _known.Take(Capacity / 10))
            {
                _known.TryRemove(token);
            }
        }
    }

    private TimeSpan Age(AccessToken token) => _time.GetElapsedTime(token.At);
}
