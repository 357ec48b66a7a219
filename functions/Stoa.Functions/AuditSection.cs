using System.Buffers;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Functions;

/// <summary>The settings of the audit ledger and of what its records are streamed to. Errors never show a secret, nor a part of one.</summary>
internal static class AuditSection
{
    private const string SecretPrefix = "whsec_";

    // As Standard Webhooks has it.
    private const int LeastSecretBytes = 24;
    private const int MostSecretBytes = 64;

    /// <summary>RFC 9110 §5.6.2.</summary>
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What the sender says itself, and what would change where a message begins and ends.</summary>
    private static readonly string[] OwnHeaders =
        ["Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent"];

    public static AuditSettings Read(SettingsReader read, EgressSettings egress)
    {
        var audit = new AuditSettings(TimeSpan.FromSeconds(read.Number("Stoa:AuditPatienceSeconds", 2, 1, 60)));
        var origin = read.Text("Stoa:AuditOrigin") ?? audit.Origin;
        if (origin.Length > 100 || origin.Any(c => c is '+' or < '!' or > '~'))
        {
            read.Problems.Add("Stoa__AuditOrigin must be at most 100 printable ASCII characters without spaces and '+', such as audit.example.com.");
        }

        return audit with { Origin = origin, AnchorWebhook = read.Url("Stoa:AuditAnchorWebhook"), Otlp = ReadOtlp(read, egress), Webhook = ReadWebhook(read, egress) };
    }

    private static OtlpTarget? ReadOtlp(SettingsReader read, EgressSettings egress)
    {
        var headers = ReadHeaders(read);
        if (ReadTarget(read, "Stoa:AuditOtlpEndpoint", egress) is not { } endpoint)
        {
            if (headers.Count > 0 && read.Text("Stoa:AuditOtlpEndpoint") is null)
            {
                read.Problems.Add("Stoa__AuditOtlpHeaders needs Stoa__AuditOtlpEndpoint, such as https://collector.example.com:4318.");
            }

            return null;
        }

        var path = endpoint.AbsolutePath.TrimEnd('/');
        if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0 || path.EndsWith("/v1/logs", StringComparison.Ordinal))
        {
            read.Problems.Add("Stoa__AuditOtlpEndpoint must be the collector's base URL, without a query and without /v1/logs, which is added.");
        }

        return new(new UriBuilder(endpoint) { Path = path + "/v1/logs" }.Uri, headers);
    }

    /// <summary>As in <c>OTEL_EXPORTER_OTLP_HEADERS</c>: <c>name=value</c>, separated by commas, values percent-encoded.</summary>
    private static List<KeyValuePair<string, Secret>> ReadHeaders(SettingsReader read)
    {
        var headers = new List<KeyValuePair<string, Secret>>();
        var position = 0;
        foreach (var pair in read.List("Stoa:AuditOtlpHeaders"))
        {
            position++;
            var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            var value = parts is [_, { Length: > 0 } text] ? Uri.UnescapeDataString(text) : "";
            if (parts[0].Length == 0 || parts[0].AsSpan().ContainsAnyExcept(Token) || value.Length == 0 || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                read.Problems.Add($"Stoa__AuditOtlpHeaders must be name=value pairs separated by commas, values percent-encoded, such as Authorization=Bearer%20...; its pair {position} is not.");
            }
            else if (OwnHeaders.Contains(parts[0], StringComparer.OrdinalIgnoreCase))
            {
                read.Problems.Add($"Stoa__AuditOtlpHeaders must not set a header that the gateway sets itself; its pair {position} does.");
            }
            else
            {
                headers.Add(new(parts[0], new Secret(value)));
            }
        }

        return headers;
    }

    private static WebhookTarget? ReadWebhook(SettingsReader read, EgressSettings egress)
    {
        var text = read.Text("Stoa:AuditWebhookSecret");
        var url = ReadTarget(read, "Stoa:AuditWebhook", egress);
        if (text is null && read.Text("Stoa:AuditWebhook") is null)
        {
            return null;
        }

        if (text is null || !IsSecret(text))
        {
            read.Problems.Add($"Stoa__AuditWebhookSecret must be '{SecretPrefix}' and the base64 of {LeastSecretBytes} to {MostSecretBytes} random bytes, as from: echo {SecretPrefix}$(openssl rand -base64 32)");
        }

        if (read.Text("Stoa:AuditWebhook") is null)
        {
            read.Problems.Add("Stoa__AuditWebhookSecret needs Stoa__AuditWebhook, the URL that gets the records.");
        }

        return url is null || text is null ? null : new(url, new Secret(text));
    }

    private static bool IsSecret(string text)
    {
        var key = new byte[text.Length];
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out var length)
            && length is >= LeastSecretBytes and <= MostSecretBytes;
    }

    // Records and credentials go there: nobody on the way may read them.
    private static Uri? ReadTarget(SettingsReader read, string name, EgressSettings egress)
    {
        if (read.Url(name) is not { } url)
        {
            return null;
        }

        var rules = new AddressRules(egress);
        if (!EgressTarget.TryCheck(url, rules, out var reason))
        {
            read.Problems.Add($"{SettingsReader.NameOf(name)}: {reason}");
        }
        else if (url.Scheme != Uri.UriSchemeHttps && !rules.MayBeInside(url))
        {
            read.Problems.Add($"{SettingsReader.NameOf(name)} must be an https URL; http is for private networks that Stoa__EgressAllowedNetworks opens.");
        }

        return url;
    }
}
