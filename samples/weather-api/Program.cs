using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Samples.WeatherApi;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning); // the first line on standard output is the address, printed below
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:7081");

builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
});

var app = builder.Build();
var apiKey = Encoding.UTF8.GetBytes(builder.Configuration["WEATHER_API_KEY"] is { Length: > 0 } key ? key : "weather-demo-key");

app.MapGet("/data/2.5/weather", (string? q, string? units, string? appid) =>
{
    if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(appid ?? ""), apiKey))
    {
        return Results.Json(new Complaint(401, "Invalid API key."), statusCode: 401);
    }

    return string.IsNullOrWhiteSpace(q) ? Results.Json(new Complaint(400, "Nothing to geocode."), statusCode: 400)
        : Climate.At(q, units ?? "standard") is { } report ? Results.Json(report)
        : Results.Json(new Complaint(404, "City not found."), statusCode: 404);
});

await app.StartAsync();
Console.WriteLine($"Weather API listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();

internal sealed record Complaint(int Cod, string Message);
