using System.Text.RegularExpressions;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed partial class RefusalMapTests
{
    /// <summary>JSON-RPC 2.0 §5.1; MCP gives -32602 to unknown tools too.</summary>
    private static readonly int[] JsonRpcCodes = [-32700, -32600, -32602, -32603];

    public static TheoryData<RefusalKind> Kinds => [.. Enum.GetValues<RefusalKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_refusal_has_words_in_every_protocol(RefusalKind kind)
    {
        var codes = RefusalMap.Of(kind);

        Assert.InRange(codes.Http, 400, 503);
        Assert.Matches(SnakeCase(), codes.Name);
        Assert.Matches(SnakeCase(), codes.OAuth);
        Assert.True(codes.Rpc is <= -31001 and >= -31999 || JsonRpcCodes.Contains(codes.Rpc), $"{kind} has {codes.Rpc}, which belongs to the protocol.");
    }

    [Fact]
    public void Names_are_unique_and_so_are_codes_of_our_own()
    {
        var all = Enum.GetValues<RefusalKind>().Select(RefusalMap.Of).ToArray();

        Assert.Equal(all.Length, all.Select(c => c.Name).Distinct().Count());
        var own = all.Select(c => c.Rpc).Where(rpc => rpc > -32000).ToArray();
        Assert.Equal(own.Length, own.Distinct().Count());
    }

    [Fact]
    public void A_credential_that_is_missing_or_wrong_is_401_and_nothing_else_is()
    {
        RefusalKind[] expected = [RefusalKind.MissingCredential, RefusalKind.InvalidCredential, RefusalKind.SenderUnproven];

        Assert.Equal(expected, Enum.GetValues<RefusalKind>().Where(k => RefusalMap.Of(k).Http == 401));
    }

    [Fact]
    public void A_kind_that_is_none_is_a_fault() => Assert.Throws<ArgumentOutOfRangeException>(() => RefusalMap.Of((RefusalKind)(-1)));

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex SnakeCase();
}
