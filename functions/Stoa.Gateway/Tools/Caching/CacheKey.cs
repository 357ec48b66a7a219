using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Tools.Caching;

/// <summary>
/// Names one answer: SHA-256 over who may have it, which tool as it is now, and the arguments whatever the order of their members. Equal
/// keys mean equal questions; unequal spellings of a number only cost a miss.
/// </summary>
internal readonly record struct CacheKey(UInt128 High, UInt128 Low)
{
    private static readonly RevisionView<ConcurrentDictionary<string, Mark>> Marks = new(static _ => new(StringComparer.Ordinal));

    /// <summary>The key of a call whose target is the tool.</summary>
    public static CacheKey Of(Call call, Tool tool)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var mark = tool.Revision.View(Marks).GetOrAdd(tool.Name, static (_, tool) => new(HashOf(tool), IsPrivate(tool.Spec)), tool);
        sha.AppendData(mark.Hash);
        if (mark.IsPrivate)
        {
            Append(sha, tool.Revision.Find(ConsumerKind.Schema.Kind, call.Caller.Name)?.Uid ?? "");
            Append(sha, call.Caller.Name);
        }

        sha.AppendData(CanonicalArguments.Bytes(call.Arguments));
        sha.GetHashAndReset(hash);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    // A template over .context may put the caller itself into the request, and then the answer is that caller's whatever the author declared.
    private static bool IsPrivate(ToolSpec spec) =>
        spec.Cache?.CacheScope is not CacheScope.Public
        || ReadsContext(spec.RequestTransform?.Body)
        || ReadsContext(spec.ResponseTransform?.Template)
        || (spec.RequestTransform is { } transform && transform.QueryParams.Concat(transform.Headers).Any(t => ReadsContext(t.Value) || ReadsContext(t.ValueFrom)));

    private static bool ReadsContext(string? template) => template?.Contains("context", StringComparison.Ordinal) is true;

    // The tenant's and the tool's incarnation, the tool's content and that of every Secret it uses: a change of any ends what was kept.
    private static byte[] HashOf(Tool tool)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(sha, tool.Revision.Uid);
        Append(sha, tool.Name);
        Append(sha, tool.Revision.Find(ToolKind.Schema.Kind, tool.Name)?.Version ?? "");
        foreach (var secret in tool.Spec.Auth.Secrets.Select(s => s.Name).Distinct().Order(StringComparer.Ordinal))
        {
            Append(sha, secret);
            Append(sha, tool.Revision.Find(SecretVault.Kind, secret)?.Version ?? "");
        }

        return sha.GetHashAndReset();
    }

    // With its length in front, so that no two texts run into each other.
    private static void Append(IncrementalHash sha, string text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        sha.AppendData(length);
        sha.AppendData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>What all keys of a tool have in common.</summary>
    /// <param name="IsPrivate">Whether the caller is a part of each key.</param>
    private sealed record Mark(byte[] Hash, bool IsPrivate);
}
