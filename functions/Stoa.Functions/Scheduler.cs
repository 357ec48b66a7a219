using Stoa.Gateway;

namespace Stoa.Functions;

/// <summary>Runs timed work inside a process that runs by itself, where no Functions host would call it.</summary>
internal sealed class Scheduler(GatewayApp gateway, TimeProvider time, ILogger<Scheduler> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(gateway.Timers.Select(work => RepeatAsync(work, stoppingToken)));

    private async Task RepeatAsync(TimedWork work, CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(work.Every, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(ct))
            {
                await RunAsync(work, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task RunAsync(TimedWork work, CancellationToken ct)
    {
        try
        {
            await work.RunAsync(ct);
            TimerLog.Ran(log, work.Function);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            TimerLog.Failed(log, work.Function, e);
        }
    }
}
