using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Benchmarks;

/// <summary>
/// What templates, mappings and reductions add to a call whose upstream answers 2 KB. The least of many short rounds is shown: whatever
/// else runs on the machine only ever adds.
/// </summary>
internal static class Transforms
{
    private const int WarmUp = 60_000;
    private const int Rounds = 1_500;
    private const int PerRound = 40;

    private const string Template = """
        {"city":{{.input.city}},"temperature":{{.response.main.temp}},"description":"{{.response.weather[0].description}}","humidity":{{.response.main.humidity}}}
        """;

    public static int Run()
    {
        ReadOnlyMemory<byte> upstream = Encoding.UTF8.GetBytes(Forecast());
        var input = JsonElement.Parse("""{"city":"Paris"}""");
        var context = new TemplateContext("acme", "agent", "weather", "0123456789abcdef");
        var template = JsonTemplate.TryCompile(Template, out var compiled, out var fault) ? compiled : throw new InvalidOperationException(fault.Reason);
        var mapping = new ResponseMapping([.. new[] { "name", "main", "weather[].description", "hours[].temp", "hours[].wind.speed" }.Select(PathOf)], [PathOf("main.pressure")]);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"ns",8} {"bytes",8}   over {upstream.Length} bytes"));
        Measure("template of four fields", () => Apply(new(null, template)));
        Measure("mapping of six paths", () => Apply(new(mapping, null)));
        Measure("mapping, then template", () => Apply(new(mapping, template)));
        Measure("reduction, moderate", () => Reduce(ReductionLevel.Moderate));
        Measure("reduction, aggressive", () => Reduce(ReductionLevel.Aggressive));
        return 0;

        void Apply(ResponseTransform transform)
        {
            if (!transform.TryApply(upstream, input, context, JsonTemplate.DefaultMaxOutput, out var answer, out var complaint))
            {
                throw new InvalidOperationException(complaint);
            }

            answer.Dispose();
        }

        void Reduce(ReductionLevel level)
        {
            if (Reduction.TryApply(level, upstream.Span, out var reduced, out _))
            {
                reduced.Dispose();
            }
        }
    }

    private static ResponsePath PathOf(string text) =>
        ResponsePath.TryCompile(text, out var path, out var fault) ? path : throw new InvalidOperationException(fault.Reason);

    private static void Measure(string name, Action work)
    {
        for (var i = 0; i < WarmUp; i++)
        {
            work();
        }

        var least = double.MaxValue;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < PerRound; i++)
            {
                work();
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / PerRound);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (Rounds * PerRound);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{least,8:0} {bytes,8}   {name}"));
    }

    private static string Forecast()
    {
        var hours = Enumerable.Range(0, 15).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"dt":17{{i:00}}00000,"temp":{{10 + i}}.5,"pop":0.{{i}},"wind":{"speed":3.{{i}},"deg":2{{i:00}},"gust":null},"text":"scattered \"clouds\" {{i}}"}"""));
        return $$"""
            {"coord":{"lon":2.3488,"lat":48.8534},"weather":[{"id":500,"main":"Rain","description":"light rain","icon":"10d"}],"base":"stations",
             "main":{"temp":18.31,"feels_like":18.2,"temp_min":17.2,"temp_max":19.4,"pressure":1013,"humidity":78},"hours":[{{string.Join(',', hours)}}],"name":"Paris"}
            """;
    }
}
