using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Stoa.Samples.CrmApi;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning); // the first line on standard output is the address, printed below
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:7080");

builder.Services.AddSingleton(TimeProvider.System).AddSingleton<CrmData>();
builder.Services.AddValidation();
builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Explain);
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
builder.Services.ConfigureHttpJsonOptions(options =>
{
    // Strict, as the OpenAPI document promises: a misspelt member is an error, not silence.
    options.SerializerOptions.PropertyNameCaseInsensitive = false;
    options.SerializerOptions.AllowDuplicateProperties = false;
    options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
});

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = fault => (fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
    SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
});
app.UseStatusCodePages();

var apiKey = Encoding.UTF8.GetBytes(builder.Configuration["CRM_API_KEY"] is { Length: > 0 } key ? key : "crm-demo-key");
app.Use(async (context, next) =>
{
    if (context.Request.Path == "/openapi.yaml" || MayEnter(context.Request))
    {
        await next(context);
        return;
    }

    context.Response.Headers.WWWAuthenticate = "ApiKey realm=\"crm\"";
    await Problems.NoKey.ExecuteAsync(context);
});

app.MapGet("/openapi.yaml", () =>
    Results.Stream(typeof(CrmData).Assembly.GetManifestResourceStream("openapi.yaml")!, "application/yaml"));

var customers = app.MapGroup("/customers");

customers.MapGet("", (CrmData crm, [StringLength(100)] string? q, [Segment] string? segment, [Range(1, 100)] int limit = 20) =>
    crm.Search(q, segment, limit));

customers.MapPost("", (CrmData crm, NewCustomer draft) =>
{
    var customer = crm.Create(draft);
    return Results.Created($"/customers/{customer.Id}", customer);
});

customers.MapGet("/{id}", (CrmData crm, string id) => OkOrMissing(id, crm.Find(id)));

customers.MapPatch("/{id}", (CrmData crm, string id, CustomerChange change) => OkOrMissing(id, crm.Change(id, change)));

customers.MapDelete("/{id}", (CrmData crm, string id) => crm.Delete(id) ? Results.NoContent() : Problems.Missing(id));

customers.MapGet("/{id}/orders", (CrmData crm, string id, [OrderStatus] string? status) => OkOrMissing(id, crm.Orders(id, status)));

customers.MapGet("/{id}/notes", (CrmData crm, string id) => OkOrMissing(id, crm.Notes(id)));

customers.MapPost("/{id}/notes", (CrmData crm, string id, NewNote draft) =>
    crm.AddNote(id, draft.Text) is { } note ? Results.Created((string?)null, note) : Problems.Missing(id));

app.MapGet("/reports/revenue", async (CrmData crm, [Range(2000, 2100)] int year, CancellationToken ct, [Range(0, 60)] int delay = 0) =>
{
    await Task.Delay(TimeSpan.FromSeconds(delay), ct); // stands for a report that takes its time
    return crm.Revenue(year);
});

await app.StartAsync();
Console.WriteLine($"CRM API listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();

bool MayEnter(HttpRequest request) =>
    CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers["X-Api-Key"].ToString()), apiKey);

static IResult OkOrMissing(string id, object? found) => found is null ? Problems.Missing(id) : Results.Ok(found);
