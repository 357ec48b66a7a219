using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tests.Egress;

public sealed class ContentKindTests
{
    [Theory]
    [InlineData(null, "", "", false)]
    [InlineData("application/json", "application/json", "", true)]
    [InlineData("Application/JSON; charset=utf-8", "Application/JSON", "utf-8", true)]
    [InlineData("application/problem+json ; a=b;Charset=\"UTF-8\" ; c=d", "application/problem+json", "UTF-8", true)]
    [InlineData("text/html; xcharset=no", "text/html", "", false)]
    [InlineData(";;;", "", "", false)]
    public void Media_type_and_charset_are_read_in_place(string? field, string mediaType, string charset, bool json)
    {
        var kind = new ContentKind(field);

        Assert.Equal(mediaType, kind.MediaType.ToString());
        Assert.Equal(charset, kind.Charset.ToString());
        Assert.Equal(json, kind.IsJson);
    }
}
