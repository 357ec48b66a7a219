using Azure;
using Stoa.Azure.Rest;
using ETag = Stoa.Gateway.Storage.ETag;

namespace Stoa.Azure.Blobs;

/// <summary>A blob's version and, in its metadata, the id of the write that made it; <c>born</c> only if that was an insert.</summary>
internal sealed record BlobMark(ETag ETag, string? W, string? BornAs)
{
    public const string Write = "x-ms-meta-w";
    public const string Born = "x-ms-meta-born";

    public static BlobMark Of(Response answer) => new(
        new(StorageRest.Header(answer, "ETag") ?? ""), StorageRest.Header(answer, Write), StorageRest.Header(answer, Born));
}
