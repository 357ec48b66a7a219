using System.Globalization;
using Stoa.Benchmarks;

return args switch
{
    ["allocations"] => await Allocations.RunAsync(rewrite: false),
    ["allocations", "--rewrite"] => await Allocations.RunAsync(rewrite: true),
    ["quotas"] => await QuotaRun.RunAsync(plots: false),
    ["quotas", "--plot"] => await QuotaRun.RunAsync(plots: true),
    ["audit"] => await AuditRun.RunAsync(),
    ["apply"] => await Applies.RunAsync(1000),
    ["apply", var tools] when int.TryParse(tools, out var count) && count > 0 => await Applies.RunAsync(count),
    ["transforms"] => Transforms.Run(),
    ["upstream", var url] => await Baselines.UpstreamAsync(url),
    ["forwarder", var url, var upstream] => await Baselines.ForwarderAsync(url, upstream),
    ["llm-upstream", var url] => await LlmUpstream.RunAsync(url, sendsEach: false),
    ["llm-upstream", var url, "send-each"] => await LlmUpstream.RunAsync(url, sendsEach: true),
    ["streams", var url, var key, var model, var connections, var seconds, .. var rest] =>
        await StreamLoad.RunAsync(new(url), key, model, int.Parse(connections, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture), rest.FirstOrDefault()),
    ["bytes", var url, var file] => await Baselines.BytesAsync(url, file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Usage: dotnet run -c Release --project tests/Stoa.Benchmarks -- COMMAND

          allocations [--rewrite]    bytes allocated per request and scenario, held against budget.json
          quotas [--plot]            one hot key with leased blocks against a compare-and-swap per call, on Azurite; docs/quota-throughput.svg
          audit                      what a record costs, and how many a second become durable on Azurite
          apply [COUNT]              time to apply that many tools at once (1000), on embedded files and on Azurite
          transforms                 time and bytes of a tool's template, mapping and reduction over an answer of 2 KB
          upstream URL               an endpoint that answers every request with the same JSON
          forwarder URL UPSTREAM     the least that a .NET gateway can do: read a body, check a key, call the upstream, wrap the answer
          bytes URL FILE             an endpoint that answers every request with the file
          llm-upstream URL [send-each]    a model that answers at once, also as a stream, whose events may leave joined or each by itself
          streams URL KEY MODEL CONNECTIONS SECONDS    streams of chat completions: rate, time to the first event, reads

        The last five are parts of tests/Stoa.Benchmarks/load/run and load/llm.
        """);
    return 2;
}
