using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stoa.Samples.Tour;

/// <summary>The administrator's side: plain HTTP calls of the management API.</summary>
internal sealed class Management : IDisposable
{
    private readonly HttpClient _http;

    public Management(string url, string adminKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
    }

    public static string NewAdminKey() => "stoa_admin_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>One line per document: what became of it.</summary>
    public async Task<IEnumerable<string>> ApplyAsync(string yaml)
    {
        using var response = await _http.PostAsync("/manage/v1/apply", new StringContent(yaml, Encoding.UTF8, "application/yaml"));
        var report = await ReadAsync(response);
        return report.GetProperty("results").EnumerateArray()
            .Select(r => $"{r.GetProperty("status").GetString(),-8} {r.GetProperty("kind").GetString(),-9} {r.GetProperty("name").GetString()}");
    }

    public async Task<string> IssueKeyAsync(string tenant, string consumer)
    {
        using var response = await _http.PostAsync($"/manage/v1/consumers/{tenant}/{consumer}/keys", content: null);
        return (await ReadAsync(response)).GetProperty("key").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(body).RootElement : throw new InvalidOperationException($"The gateway answered {(int)response.StatusCode}: {body}");
    }
}
