using Stoa.Azure;
using Stoa.Functions;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tenants;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
if (GatewaySettings.Read(configuration, out var problems) is not { } settings)
{
    Console.Error.WriteLine("The gateway cannot start:");
    problems.ToList().ForEach(problem => Console.Error.WriteLine($"  - {problem}"));
    return 2;
}

try
{
    using var embedded = settings.IsEmbedded ? new EmbeddedPorts(settings.DataPath) : null;
    var ports = embedded?.Ports ?? AzurePorts.Open(settings.Azure!, TimeProvider.System);
    var admin = settings.AdminKey is { } key ? AdminKey.Of(key) : embedded!.AdminKey(Greeting.TellAdminKey);
    using var telemetry = Telemetry.Start(settings);
    await using var app = GatewayHost.Build(settings, ports, admin, configuration, TimeProvider.System);
    await app.StartAsync();
    Greeting.Tell(settings, app.Urls);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is FormatException or IOException or InvalidDataException or UnauthorizedAccessException or StorageUnavailableException)
{
    Console.Error.WriteLine($"The gateway cannot start: {e.Message}");
    return 2;
}
