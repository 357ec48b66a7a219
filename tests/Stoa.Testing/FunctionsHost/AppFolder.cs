using System.Text.Json;

namespace Stoa.Testing.FunctionsHost;

/// <summary>A Functions app as it lies on disk: <c>host.json</c> and a folder with a <c>function.json</c> per function, read as the host reads them.</summary>
internal sealed record AppFolder(string Path, string Executable, IReadOnlyList<HttpFunction> Http, IReadOnlyList<TimerFunction> Timers)
{
    /// <summary>Throws when the host would not proxy: another mode, a route prefix, or a function of a kind that needs an extension.</summary>
    public static AppFolder Read(string path)
    {
        using var host = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(path, "host.json")));
        var handler = host.RootElement.GetProperty("customHandler");
        if (host.RootElement.GetProperty("version").GetString() is not "2.0" || !handler.GetProperty("enableProxyingHttpRequest").GetBoolean())
        {
            throw new InvalidDataException("host.json is not of version 2.0 or does not ask for proxying.");
        }

        // The standard prefix is "api".
        if (host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString() is not "")
        {
            throw new InvalidDataException("host.json puts a prefix before every route.");
        }

        List<HttpFunction> http = [];
        List<TimerFunction> timers = [];
        foreach (var folder in Directory.GetDirectories(path).Where(f => File.Exists(System.IO.Path.Combine(f, "function.json"))))
        {
            using var function = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(folder, "function.json")));
            var name = System.IO.Path.GetFileName(folder);
            JsonElement[] bindings = [.. function.RootElement.GetProperty("bindings").EnumerateArray()];
            switch (bindings.Select(b => b.GetProperty("type").GetString()).ToArray())
            {
                // Only exactly these two make the host proxy; anything more and it posts an envelope.
                case ["httpTrigger", "http"] when bindings[0].GetProperty("authLevel").GetString() is "anonymous":
                    http.Add(new(name, bindings[0].GetProperty("route").GetString()!, [.. bindings[0].GetProperty("methods").EnumerateArray().Select(m => m.GetString()!)]));
                    break;
                case ["timerTrigger"]:
                    timers.Add(new(name, bindings[0].GetProperty("name").GetString()!, bindings[0].GetProperty("schedule").GetString()!));
                    break;
                default:
                    throw new InvalidDataException($"{name} is neither an open HTTP function nor a timer.");
            }
        }

        var executable = handler.GetProperty("description").GetProperty("defaultExecutablePath").GetString()!;
        return new(path, System.IO.Path.Combine(path, executable), http, timers);
    }
}

internal sealed record HttpFunction(string Name, string Route, IReadOnlyList<string> Methods);

/// <param name="Binding">Under which name the trigger's data stand in the envelope.</param>
/// <param name="Schedule">Six-field NCRONTAB.</param>
internal sealed record TimerFunction(string Name, string Binding, string Schedule);
