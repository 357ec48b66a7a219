using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Stoa.Gateway.Audit;

namespace Stoa.Functions;

/// <summary>Traces and metrics over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where; the exporter reads the other OTEL_ variables itself.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private Telemetry(TracerProvider traces, MeterProvider metrics) => (_traces, _metrics) = (traces, metrics);

    public static Telemetry? Start(GatewaySettings settings)
    {
        if (settings.OtlpEndpoint is null)
        {
            return null;
        }

        var resource = ResourceBuilder.CreateDefault().AddService("stoa-gateway").AddEnvironmentVariableDetector();
        return new(
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource("Microsoft.AspNetCore", CallMetrics.Name)
                .AddOtlpExporter()
                .Build(),
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", CallMetrics.Name)
                .AddOtlpExporter()
                .Build());
    }

    /// <summary>Flushes what has not been sent yet.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
