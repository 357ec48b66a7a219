using Stoa.Azure.Rest;

namespace Stoa.Contracts.Tests.Storage;

public sealed class StorageConnectionTests
{
    private const string Key = "c2VjcmV0LWtleS1ub2JvZHktbWF5LXNlZQ==";

    private static StorageConnection Parse(string text) => StorageConnection.Parse(text, TimeProvider.System);

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "http://127.0.0.1:10000/devstoreaccount1")]
    [InlineData($"AccountName=acme;AccountKey={Key}", "https://acme.table.core.windows.net/", "https://acme.blob.core.windows.net/")]
    [InlineData(
        $"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={Key};EndpointSuffix=core.chinacloudapi.cn;",
        "https://acme.table.core.chinacloudapi.cn/",
        "https://acme.blob.core.chinacloudapi.cn/")]
    [InlineData(
        $"accountname=acme; accountkey={Key}; TableEndpoint=http://localhost:1/acme; BlobEndpoint=http://localhost:2/acme",
        "http://localhost:1/acme",
        "http://localhost:2/acme")]
    public void Endpoints_are_given_or_made_of_name_and_suffix(string text, string tables, string blobs)
    {
        var connection = Parse(text);

        Assert.Equal((tables, blobs), (connection.Tables.Uri.AbsoluteUri, connection.Blobs.Uri.AbsoluteUri));
        Assert.DoesNotContain(Key, connection.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "AccountName")]
    [InlineData($"AccountKey={Key}", "AccountName")]
    [InlineData("AccountName=acme", "AccountKey")]
    [InlineData($"AccountName=acme;AccountKey={Key}!", "AccountKey")]
    [InlineData($"AccountName=acme;AccountKey={Key};TableEndpoint=ftp://x", "TableEndpoint")]
    [InlineData($"AccountName=acme;AccountKey={Key};BlobEndpoint=nonsense", "BlobEndpoint")]
    [InlineData($"AccountName=acme;AccountKey={Key};AccountKey={Key}", "Name=Value")]
    [InlineData("c2VjcmV0LWtleS1ub2JvZHktbWF5LXNlZQ", "Name=Value")]
    [InlineData($"AccountName=acme;SharedAccessSignature={Key}", "SharedAccessSignature")]
    public void A_bad_connection_string_is_refused_by_the_name_of_what_is_wrong_and_without_the_key(string text, string named)
    {
        var refusal = Assert.Throws<FormatException>(() => Parse(text));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key[..10], refusal.ToString(), StringComparison.Ordinal);
    }
}
