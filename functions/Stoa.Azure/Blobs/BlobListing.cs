using System.Globalization;
using System.Xml;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>The XML answer to List Blobs.</summary>
internal static class BlobListing
{
    public static BlobPage Read(ReadOnlyMemory<byte> body)
    {
        var entries = new List<BlobEntry>();
        var (name, length, written, next) = ("", 0L, default(DateTimeOffset), "");
        using var xml = XmlReader.Create(new MemoryStream(body.ToArray()), new() { DtdProcessing = DtdProcessing.Prohibit });
        xml.MoveToContent();
        xml.ReadStartElement("EnumerationResults");
        var more = !xml.EOF;
        while (more)
        {
            // Reading an element's text already goes on to what follows it.
            switch (xml.NodeType, xml.LocalName)
            {
                case (XmlNodeType.Element, "Name"):
                    name = xml.ReadElementContentAsString();
                    break;
                case (XmlNodeType.Element, "Content-Length"):
                    length = xml.ReadElementContentAsLong();
                    break;
                case (XmlNodeType.Element, "Last-Modified"):
                    written = DateTimeOffset.Parse(xml.ReadElementContentAsString(), CultureInfo.InvariantCulture);
                    break;
                case (XmlNodeType.Element, "NextMarker"):
                    next = xml.ReadElementContentAsString();
                    break;
                case (XmlNodeType.EndElement, "Blob"):
                    entries.Add(new(name, length, written));
                    more = xml.Read();
                    break;
                default:
                    more = xml.Read();
                    break;
            }
        }

        return new(entries, next.Length is 0 ? null : next);
    }
}
