using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Stoa.Gateway;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Tenants;

namespace Stoa.Functions;

/// <summary>
/// The web server around the gateway. Built from nothing rather than from the usual defaults: those watch the content root for changed
/// configuration files, which costs a second of start-up where the tree is large.
/// </summary>
internal static class GatewayHost
{
    public static WebApplication Build(GatewaySettings settings, GatewayPorts ports, AdminKey admin, IConfiguration configuration, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Limit);
        builder.WebHost.UseUrls(settings.HostPort is { } port ? $"http://127.0.0.1:{port}" : settings.Urls);
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        AddLogging(builder.Logging, configuration, settings);

        builder.Services.AddSingleton(provider => new GatewayApp(
            ports,
            new GatewayAppSettings(admin, settings.Config, settings.Egress, settings.Requests, settings.Entrance, settings.Audit),
            time,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>()));
        builder.Services.AddHostedService(provider => new Drain(provider.GetRequiredService<GatewayApp>()));
        if (settings.HostPort is null)
        {
            builder.Services.AddHostedService(provider => new Scheduler(
                provider.GetRequiredService<GatewayApp>(), time, provider.GetRequiredService<ILogger<Scheduler>>()));
        }

        var app = builder.Build();
        var gateway = app.Services.GetRequiredService<GatewayApp>();
        app.UseMiddleware<Edge>();
        app.UseRouting();
        RouteTable.Map(app, gateway);
        if (settings.HostPort is not null)
        {
            Triggers.Map(app, gateway, app.Services.GetRequiredService<ILogger<Scheduler>>());
        }

        return app;
    }

    // Doors cap bodies themselves, far lower. Over this limit Kestrel drops the connection under a sender that is still busy, and what it
    // was to be told is lost: the Functions host would turn our 413 into a 502. So it is the host's own limit, and the rest is drained.
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 100 * 1024 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
    }

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration, GatewaySettings settings)
    {
        // The gateway tells of each call itself; the framework's four lines per request would say it again.
        logging.SetMinimumLevel(LogLevel.Trace).AddFilter(category: null, LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        if (settings.IsEmbedded)
        {
            // Whoever tries the gateway wants to see each call.
            logging.AddFilter(typeof(AuditGate).Namespace, LogLevel.Debug);
        }

        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (settings.HostPort is null && !settings.InAzure)
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }
        else
        {
            logging.AddJsonConsole();
        }
    }
}
