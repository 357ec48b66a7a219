using System.Net;
using Stoa.Azure;
using Stoa.Azure.EventHubs;
using Stoa.Azure.Rest;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Tenants;

namespace Stoa.Functions;

/// <summary>Every setting, read once at start-up from environment variables. <c>docs/settings.md</c> is the reference.</summary>
internal sealed record GatewaySettings
{
    /// <summary><c>FUNCTIONS_CUSTOMHANDLER_PORT</c>: set when the Functions host runs us; then it alone may reach us.</summary>
    public int? HostPort { get; private init; }

    /// <summary>True on Azure (<c>WEBSITE_INSTANCE_ID</c>), where embedded mode would lose data.</summary>
    public bool InAzure { get; private init; }

    /// <summary>Null in embedded mode.</summary>
    public AzureSettings? Azure { get; private init; }

    public string DataPath { get; private init; } = ".stoa";

    /// <summary>Null when embedded mode is to make one up.</summary>
    public string? AdminKey { get; private init; }

    public string Urls { get; private init; } = "http://127.0.0.1:7071";

    public string? OtlpEndpoint { get; private init; }

    public required ConfigSettings Config { get; init; }

    public required EgressSettings Egress { get; init; }

    public required RequestGateSettings Requests { get; init; }

    public required EntranceSettings Entrance { get; init; }

    public required AuditSettings Audit { get; init; }

    public bool IsEmbedded => Azure is null;

    /// <summary>The settings, or null when some are wrong; then <paramref name="problems"/> lists all of them.</summary>
    public static GatewaySettings? Read(IConfiguration configuration, out IReadOnlyList<string> problems)
    {
        var read = new SettingsReader(configuration);
        problems = read.Problems;
        var hostPort = read.Text("FUNCTIONS_CUSTOMHANDLER_PORT") is null ? (int?)null : read.Number("FUNCTIONS_CUSTOMHANDLER_PORT", 0, 1, 65535);
        var inAzure = read.Text("WEBSITE_INSTANCE_ID") is not null;
        var embedded = ReadMode(read, inAzure);
        var dataPath = read.Text("Stoa:DataPath") ?? ".stoa";
        var egress = ReadEgress(read, embedded);
        var settings = new GatewaySettings
        {
            HostPort = hostPort,
            InAzure = inAzure,
            Azure = embedded ? null : ReadAzure(read, inAzure, dataPath),
            DataPath = dataPath,
            AdminKey = ReadAdminKey(read, embedded),
            Urls = ReadUrls(read),
            OtlpEndpoint = read.Text("OTEL_EXPORTER_OTLP_ENDPOINT"),
            Config = new ConfigSettings { MaxStale = TimeSpan.FromSeconds(read.Number("Stoa:MaxStaleSeconds", 60, 0, 3600)) },
            Egress = egress,
            Requests = new RequestGateSettings(read.Number("Stoa:CallsPerInstance", 512, 1, 100_000), read.Number("Stoa:CallsPerTenant", 256, 1, 100_000)),
            Audit = AuditSection.Read(read, egress),
            Entrance = new EntranceSettings(read.Url("Stoa:PublicUrl"), hostPort is not null, read.List("Stoa:AllowedHosts"), read.List("Stoa:AllowedOrigins")),
        };
        read.Problems.AddRange(settings.Egress.Problems());
        return read.Problems.Count == 0 ? settings : null;
    }

    private static bool ReadMode(SettingsReader read, bool inAzure)
    {
        var mode = read.Text("Stoa:Storage");
        if (mode is not (null or "embedded" or "azure"))
        {
            read.Problems.Add("Stoa__Storage must be 'embedded' or 'azure'.");
        }
        else if (inAzure && mode is not "azure")
        {
            read.Problems.Add("Stoa__Storage must be 'azure' here: embedded mode keeps state on one instance's disk, and instances come and go.");
        }

        return mode is not "azure";
    }

    private static AzureSettings ReadAzure(SettingsReader read, bool inAzure, string dataPath)
    {
        var settings = new AzureSettings(
            read.Text("Stoa:StorageConnection"),
            read.Url("Stoa:TablesEndpoint"),
            read.Url("Stoa:BlobsEndpoint"),
            read.Url("Stoa:KeyVault"),
            Path.Combine(dataPath, "key-ring.key"),
            read.Text("Stoa:IdentityClientId"))
        {
            AuditBlobs = read.Url("Stoa:AuditBlobsEndpoint"),
            AuditAnchor = read.Url("Stoa:AuditAnchorEndpoint"),
            EventHub = read.Text("Stoa:EventHub"),
            EventHubConnection = read.Text("Stoa:EventHubConnection"),
        };
        if (settings.StorageConnection is { } connection)
        {
            try
            {
                StorageConnection.Parse(connection, TimeProvider.System);
            }
            catch (FormatException e)
            {
                read.Problems.Add($"Stoa__StorageConnection: {e.Message}");
            }
        }
        else if (settings.Tables is null || settings.Blobs is null)
        {
            read.Problems.Add("Stoa__Storage=azure needs Stoa__TablesEndpoint and Stoa__BlobsEndpoint, or Stoa__StorageConnection for Azurite or a development account.");
        }

        ReadHub(read, settings);
        if (inAzure && settings.KeyVault is null)
        {
            read.Problems.Add("Stoa__KeyVault must name the Key Vault that wraps the key ring; a key file would not survive this instance.");
        }

        return settings;
    }

    private static void ReadHub(SettingsReader read, AzureSettings settings)
    {
        if (settings.EventHubConnection is { } connection)
        {
            try
            {
                HubEndpoint.Parse(connection, settings.EventHub, TimeProvider.System);
            }
            catch (FormatException e)
            {
                read.Problems.Add($"Stoa__EventHubConnection: {e.Message}");
            }
        }
        else if (settings.EventHub is not null && read.Url("Stoa:EventHub") is not null and not { Scheme: "https" })
        {
            read.Problems.Add("Stoa__EventHub must be the hub's https URL, such as https://contoso.servicebus.windows.net/audit.");
        }
    }

    private static string ReadUrls(SettingsReader read)
    {
        var urls = read.Text("ASPNETCORE_URLS") ?? "http://127.0.0.1:7071";
        if (!urls.Split(';').All(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
        {
            read.Problems.Add("ASPNETCORE_URLS must be http:// URLs, separated by semicolons; TLS ends in front of the gateway.");
        }

        return urls;
    }

    private static string? ReadAdminKey(SettingsReader read, bool embedded)
    {
        var key = read.Text("Stoa:AdminKey");
        if (key is null)
        {
            if (!embedded)
            {
                read.Problems.Add($"Stoa__AdminKey must be set: '{ApiKey.AdminPrefix}' and at least {Gateway.Tenants.AdminKey.MinLength - ApiKey.AdminPrefix.Length} random characters.");
            }
        }
        else if (!key.StartsWith(ApiKey.AdminPrefix, StringComparison.Ordinal) || key.Length is < Gateway.Tenants.AdminKey.MinLength or > Credential.MaxLength)
        {
            read.Problems.Add($"Stoa__AdminKey must start with '{ApiKey.AdminPrefix}' and have {Gateway.Tenants.AdminKey.MinLength} to {Credential.MaxLength} characters.");
        }

        return key;
    }

    private static EgressSettings ReadEgress(SettingsReader read, bool embedded)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in read.List("Stoa:EgressAllowedNetworks"))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                read.Problems.Add("Stoa__EgressAllowedNetworks must be a comma-separated list of networks in CIDR notation, such as 10.1.0.0/16.");
            }
        }

        return new EgressSettings { AllowLoopback = embedded, AllowedNetworks = networks };
    }
}
