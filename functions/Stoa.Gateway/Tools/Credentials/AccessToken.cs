namespace Stoa.Gateway.Tools.Credentials;

/// <summary>What was last heard from a token endpoint: a token, or a failure that is remembered for a moment, or the mark of a rejected token.</summary>
/// <param name="key">What it was issued for.</param>
/// <param name="credential">Null unless there is a token.</param>
/// <param name="fault">Words for the agent when there is none.</param>
/// <param name="at">When it was asked for, by the clock's ticks.</param>
/// <param name="lifetime">How long it is used.</param>
/// <param name="refreshAfter">When one caller asks for the next one, while others go on with this.</param>
internal sealed class AccessToken(TokenKey key, ToolCredential? credential, string fault, long at, TimeSpan lifetime, TimeSpan refreshAfter)
{
    private int _isClaimed;

    public TokenKey Key => key;

    public ToolCredential? Credential => credential;

    public string Fault => fault;

    public long At => at;

    public TimeSpan Lifetime => lifetime;

    /// <summary>The upstream refused the token before this one.</summary>
    public bool ReplacesRejected { get; init; }

    /// <summary>Stands in the place of a token that the upstream refused.</summary>
    public bool IsRejection { get; init; }

    public bool IsFresh(TimeSpan age) => age < refreshAfter;

    public bool IsUsable(TimeSpan age) => age < lifetime;

    /// <summary>True once: for the caller who refreshes.</summary>
    public bool TryClaimRefresh() => Interlocked.Exchange(ref _isClaimed, 1) == 0;
}
