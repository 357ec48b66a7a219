using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Stoa.Benchmarks;

/// <summary>What the gateway is held against in the same run, built from the same parts: Kestrel and the BCL's HTTP client.</summary>
internal static class Baselines
{
    private static readonly byte[] Customer = """
        {"id":"cus_1001","name":"Alder & Finch Logistics","contact":"Mara Lindqvist","email":"mara@alderfinch.example","segment":"enterprise","city":"Gothenburg","createdAt":"2024-01-08T09:00:00+00:00","orders":[{"id":"ord_1","total":1299.50,"currency":"EUR","status":"shipped","lines":[{"sku":"A-100","quantity":3,"price":99.50},{"sku":"B-200","quantity":1,"price":1001.00}]},{"id":"ord_2","total":45.00,"currency":"EUR","status":"open","lines":[{"sku":"C-300","quantity":9,"price":5.00}]}],"notes":[{"id":"note_1","text":"Prefers to be called in the morning.","createdAt":"2025-02-11T08:30:00+00:00"},{"id":"note_2","text":"Renewal is due in spring; wants a quote for two years.","createdAt":"2025-03-02T10:00:00+00:00"}],"tags":["logistics","nordics","renewal-2026"],"owner":{"id":"emp_7","name":"Jon Aas","email":"jon@example.com"}}
        """u8.ToArray();

    public static Task<int> UpstreamAsync(string url) => ServeAsync(url, http => WriteAsync(http, Customer));

    public static async Task<int> BytesAsync(string url, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        return await ServeAsync(url, async http =>
        {
            await http.Request.BodyReader.CopyToAsync(Stream.Null);
            await WriteAsync(http, bytes);
        });
    }

    public static async Task<int> ForwarderAsync(string url, string upstream)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
        var target = new Uri(upstream);
        return await ServeAsync(url, async http =>
        {
            if (http.Request.Headers.Authorization.Count != 1)
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            var read = await http.Request.BodyReader.ReadAtLeastAsync((int)http.Request.ContentLength!);
            var json = new Utf8JsonReader(read.Buffer);
            while (json.Read())
            {
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            using var response = await invoker.SendAsync(request, http.RequestAborted);
            var buffer = ArrayPool<byte>.Shared.Rent(4096);
            var body = await response.Content.ReadAsStreamAsync();
            var length = 0;
            for (int n; (n = await body.ReadAsync(buffer.AsMemory(length))) > 0; length += n)
            {
            }

            http.Response.ContentType = "application/json";
            await using (var writer = new Utf8JsonWriter(http.Response.BodyWriter))
            {
                writer.WriteStartObject();
                writer.WriteString("jsonrpc"u8, "2.0"u8);
                writer.WriteNumber("id"u8, 1);
                writer.WritePropertyName("result"u8);
                writer.WriteRawValue(buffer.AsSpan(0, length), skipInputValidation: true);
                writer.WriteEndObject();
            }

            ArrayPool<byte>.Shared.Return(buffer);
        });
    }

    /// <summary>Serves until the process is told to end.</summary>
    /// <param name="sendsEach">Every write is a send of its own; else the server may join those that follow each other at once.</param>
    public static async Task<int> ServeAsync(string url, RequestDelegate handler, bool sendsEach = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseSockets(o => o.UnsafePreferInlineScheduling = sendsEach).UseUrls(url);
        await using var app = builder.Build();
        app.Run(handler);
        await app.RunAsync();
        return 0;
    }

    private static async Task WriteAsync(HttpContext http, byte[] bytes)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes);
    }
}
