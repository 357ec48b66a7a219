using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Azure;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;
using Stoa.Testing;

namespace Stoa.Benchmarks;

/// <summary>
/// What a record costs: the processor time of one (hash of the arguments, line, chain, place in a block) on one thread; and how many records a
/// second one instance makes durable on Azurite's append blobs, with the processor time of this process for each, storage client included.
/// </summary>
internal static class AuditRun
{
    private const int Callers = 256;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync()
    {
        var call = NewCall(out var arguments);
        using (arguments)
        {
            var key = new SubjectKey(new byte[SubjectKey.Size]);
            MakeRecords(call, key, 20_000, content: null);
            Print("one record, made and chained", MakeRecords(call, key, 200_000, content: null), "us CPU");
            Print("the same with 8 KiB of content kept", MakeRecords(call, key, 20_000, CapturedContent.Take(key, "args", new byte[CapturedContent.Most])), "us CPU");
            GiveStreams(key, 1000);
            Print("an event of 200 bytes of a stream, hashed", GiveStreams(key, 20_000), "us CPU");
            await StoreRecordsAsync(call, key);
        }

        return 0;
    }

    private static double MakeRecords(Call call, SubjectKey key, int count, CapturedContent? content)
    {
        var queue = new LedgerQueue(new InstanceId(1));
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < count; i++)
        {
            queue.Add(CallRecord.Intent(call, AuditMode.Closed, key.Of(call.Arguments), user: null, content), DateTimeOffset.UtcNow, 0);
            if (queue.Bytes > LedgerQueue.MaxBlock)
            {
                queue.Take()!.Lines.Dispose();
                queue.Done();
            }
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / count;
    }

    /// <summary>Per event, of streams of a hundred.</summary>
    private static double GiveStreams(SubjectKey key, int count)
    {
        const int Events = 100;
        var piece = new byte[200];
        Span<byte> hash = stackalloc byte[32];
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < count; i++)
        {
            using var given = key.Begin(keeps: 0);
            for (var n = 0; n < Events; n++)
            {
                given.Add(piece);
            }

            given.TryEnd(hash);
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / count / Events;
    }

    private static async Task StoreRecordsAsync(Call call, SubjectKey key)
    {
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        var ports = AzurePorts.Open(new(azurite.ConnectionString, null, null, null, "unused", null), TimeProvider.System);
        using var writer = new LedgerWriter(ports.AuditAppend, new InstanceRegistry(ports.Rows), new InstanceId(1), new AuditSettings(TimeSpan.FromSeconds(2)), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        await writer.Append(new AuditRecord(RecordType.Note)).Durable;

        var process = Process.GetCurrentProcess();
        process.Refresh();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var waits = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var waits = new List<double>();
            while (clock.Elapsed < Length)
            {
                var start = Stopwatch.GetTimestamp();
                if (!await writer.Append(CallRecord.Intent(call, AuditMode.Closed, key.Of(call.Arguments))).Durable)
                {
                    throw new TimeoutException("A record was not durable within two seconds.");
                }

                waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return waits;
        })));
        process.Refresh();
        var sorted = waits.SelectMany(w => w).Order().ToArray();
        Print("durable on Azurite, 256 callers", sorted.Length / clock.Elapsed.TotalSeconds, "records/s");
        Print("processor time of the whole process", (process.TotalProcessorTime - before).TotalMicroseconds / sorted.Length, "us CPU/record");
        Print("until durable, p50", sorted[sorted.Length / 2], "ms");
        Print("until durable, p99", sorted[(int)(0.99 * sorted.Length)], "ms");
        await AloneAsync(writer, call, key);
    }

    private static async Task AloneAsync(LedgerWriter writer, Call call, SubjectKey key)
    {
        var waits = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await writer.Append(CallRecord.Intent(call, AuditMode.Closed, key.Of(call.Arguments))).Durable;
            waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        waits.Sort();
        Print("until durable, one caller, p50", waits[waits.Count / 2], "ms");
    }

    private static Call NewCall(out JsonDocument arguments)
    {
        _ = TenantId.TryParse("acme", out var tenant);
        arguments = JsonDocument.Parse("""{"city":"Zurich","unit":"celsius","days":[1,2,3],"note":"the quick brown fox jumps over the lazy dog"}""");
        var caller = new Caller
        {
            Revision = new Revision(tenant, 12, "0f8fad5bd9cb469fa16570867728950e", []),
            Name = "assistant",
            CredentialId = "key_0123456789abcdef",
            AuthMethod = "api_key",
            Scopes = Scopes.Write,
            Role = Role.None,
            Tools = NameFilter.All,
        };
        return new Call(caller, Operation.CallTool, "mcp")
        {
            TargetName = "get_current_weather",
            Arguments = arguments.RootElement,
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Protocol = "2026-07-28",
            Agent = "claude-code/2.1",
        };
    }

    private static void Print(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value,14:0.##} {unit,-14} {what}"));
}
