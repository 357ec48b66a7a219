using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Media types of links, which Gemini asks for and the other wires do not tell: from the name in the URL.</summary>
internal static class MediaTypes
{
    public static string? OfLink(LinkedMedia link)
    {
        if (link.MediaType is not null)
        {
            return link.MediaType;
        }

        var path = link.Url.ToString().AsSpan();
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        var dot = path.LastIndexOf('.');
        return dot < 0 ? null : path[(dot + 1)..] switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            "gif" => "image/gif",
            "heic" => "image/heic",
            "pdf" => "application/pdf",
            _ => null,
        };
    }
}
