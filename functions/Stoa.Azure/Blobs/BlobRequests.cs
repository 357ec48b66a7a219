using System.Globalization;
using Azure.Core;
using Stoa.Azure.Rest;

namespace Stoa.Azure.Blobs;

/// <summary>The requests of the Blob service's REST API that a blob store needs. Names need no escaping: see the port.</summary>
internal sealed class BlobRequests(StorageRest rest)
{
    public StorageRest Rest => rest;

    public HttpMessage Get(string container, string name) => Create("GET", $"/{container}/{name}");

    public HttpMessage Head(string container, string name) => Create("HEAD", $"/{container}/{name}");

    public HttpMessage CreateContainer(string container) => Create("PUT", $"/{container}?restype=container");

    public HttpMessage Delete(string container, string name)
    {
        var message = Create("DELETE", $"/{container}/{name}");
        message.Request.Headers.SetValue("x-ms-delete-snapshots", "include");
        return message;
    }

    public HttpMessage List(string container, string prefix, int take, string? continuation)
    {
        var marker = continuation is null ? "" : $"&marker={Uri.EscapeDataString(continuation)}";
        var take10 = take.ToString(CultureInfo.InvariantCulture);
        return Create("GET", $"/{container}?restype=container&comp=list&maxresults={take10}&prefix={Uri.EscapeDataString(prefix)}{marker}");
    }

    /// <summary>Put Blob; without an expected version there must be no blob yet.</summary>
    public HttpMessage Put(string container, string name, ReadOnlyMemory<byte> content, string? expected, string w)
    {
        var message = Create("PUT", $"/{container}/{name}");
        message.Request.Content = RequestContent.Create(content);
        var headers = message.Request.Headers;
        headers.SetValue("Content-Type", "application/octet-stream");
        headers.SetValue("x-ms-blob-type", "BlockBlob");
        headers.SetValue(BlobMark.Write, w);
        if (expected is null)
        {
            headers.SetValue("If-None-Match", "*");
            headers.SetValue(BlobMark.Born, w);
        }
        else
        {
            headers.SetValue("If-Match", expected);
        }

        return message;
    }

    /// <summary>Put Blob of an append blob without content, which must not exist yet.</summary>
    public HttpMessage PutAppend(string container, string name, string w)
    {
        var message = Create("PUT", $"/{container}/{name}");
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-blob-type", "AppendBlob");
        headers.SetValue("If-None-Match", "*");
        headers.SetValue(BlobMark.Write, w);
        headers.SetValue(BlobMark.Born, w);
        return message;
    }

    /// <summary>Append Block, provided that the blob ends at the position.</summary>
    public HttpMessage Append(string container, string name, ReadOnlyMemory<byte> block, long position)
    {
        var message = Create("PUT", $"/{container}/{name}?comp=appendblock");
        message.Request.Content = RequestContent.Create(block);
        message.Request.Headers.SetValue("Content-Type", "application/octet-stream");
        message.Request.Headers.SetValue("x-ms-blob-condition-appendpos", position.ToString(CultureInfo.InvariantCulture));
        return message;
    }

    /// <summary>Get Blob of a range, which the service cuts at the blob's end.</summary>
    public HttpMessage GetRange(string container, string name, long from, int most)
    {
        var message = Get(container, name);
        message.Request.Headers.SetValue("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{from + most - 1}"));
        return message;
    }

    private HttpMessage Create(string method, string pathAndQuery)
    {
        var message = rest.Create(method, pathAndQuery);
        message.Request.Headers.SetValue("x-ms-version", "2020-10-02");
        return message;
    }
}
