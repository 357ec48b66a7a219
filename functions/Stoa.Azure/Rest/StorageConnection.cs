using Stoa.Azure.Blobs;
using Stoa.Azure.Tables;

namespace Stoa.Azure.Rest;

/// <summary>
/// An account's endpoints from a connection string such as <c>AccountName=a;AccountKey=..;EndpointSuffix=core.windows.net</c> or
/// <c>UseDevelopmentStorage=true</c>. Errors name the setting at fault and never its value.
/// </summary>
internal sealed record StorageConnection(StorageEndpoint Tables, StorageEndpoint Blobs)
{
    // Azurite's account is the same on every machine and published in its documentation.
    private const string Development =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    public static StorageConnection Parse(string text, TimeProvider time)
    {
        var parts = Split(text);
        if (parts.ContainsKey("SharedAccessSignature"))
        {
            throw new FormatException("The storage connection string holds a SharedAccessSignature; use AccountKey or a managed identity.");
        }

        if (parts.TryGetValue("UseDevelopmentStorage", out var development) && bool.TryParse(development, out var yes) && yes)
        {
            parts = Split(Development);
        }

        var key = new AccountKey(Need(parts, "AccountName"), ReadKey(Need(parts, "AccountKey")));
        return new(
            new(Endpoint(parts, "TableEndpoint", key.Account, "table"), new SharedKeyLitePolicy(key, time)),
            new(Endpoint(parts, "BlobEndpoint", key.Account, "blob"), new SharedKeyPolicy(key, time)));
    }

    private static Dictionary<string, string> Split(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Only the first: a key in base64 may end in more of them.
            if (part.Split('=', 2) is not [{ Length: > 0 } name, var value] || !parts.TryAdd(name, value))
            {
                throw new FormatException("The storage connection string is not a list of distinct Name=Value pairs separated by ';'.");
            }
        }

        return parts;
    }

    private static string Need(Dictionary<string, string> parts, string name) =>
        parts.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"The storage connection string lacks {name}.");

    private static byte[] ReadKey(string base64)
    {
        var key = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, key, out var length)
            ? key[..length]
            : throw new FormatException("AccountKey in the storage connection string is not base64.");
    }

    private static Uri Endpoint(Dictionary<string, string> parts, string name, string account, string service)
    {
        var scheme = parts.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = parts.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        var text = parts.GetValueOrDefault(name) ?? $"{scheme}://{account}.{service}.{suffix}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length is 0
            ? uri
            : throw new FormatException($"{name} in the storage connection string is not an http or https URL.");
    }
}
