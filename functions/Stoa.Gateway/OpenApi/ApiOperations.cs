using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.OpenApi;

/// <summary>The operations of a description, in its order; paths that cannot be used are passed over with a reason.</summary>
internal static class ApiOperations
{
    /// <summary>More are a hostile document, or one to cut up first.</summary>
    public const int Most = 20_000;

    private const int LongestPath = 512;

    // Path Item Object of 3.0 to 3.2; additionalOperations (3.2) holds methods without a field of their own.
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

    public static IEnumerable<ApiOperation> In(ApiDocument api, List<SkippedOperation> skipped) => Every(api, skipped).Take(Most + 1);

    private static IEnumerable<ApiOperation> Every(ApiDocument api, List<SkippedOperation> skipped)
    {
        foreach (var path in api.Root.Member("paths").Members().Where(p => p.Name.StartsWith('/')))
        {
            if (path.Name.Length > LongestPath || skipped.Count > Most)
            {
                skipped.Add(new(JsonText.Shorten(path.Name, 120), $"the path has more than {LongestPath} characters"));
                continue;
            }

            if (!api.TryFollow(path.Value, out var item, out var reason))
            {
                skipped.Add(new(path.Name, $"its reference {reason}"));
                continue;
            }

            foreach (var method in Methods)
            {
                if (item.Member(method) is { ValueKind: JsonValueKind.Object } node)
                {
                    yield return new(method.ToUpperInvariant(), path.Name, node, item);
                }
            }

            foreach (var other in item.Member("additionalOperations").Members().Where(o => o.Value.ValueKind is JsonValueKind.Object))
            {
                yield return new(other.Name, path.Name, other.Value, item);
            }
        }
    }
}
