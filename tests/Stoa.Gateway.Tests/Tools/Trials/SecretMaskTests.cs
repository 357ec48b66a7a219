using System.Text;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Tests.Tools.Trials;

public class SecretMaskTests
{
    private const string Secret = "p+ss/wörd \"1\" & <2>";

    [Theory]
    [InlineData("p+ss/wörd \"1\" & <2>")]
    [InlineData("p%2Bss%2Fw%C3%B6rd%20%221%22%20%26%20%3C2%3E")]
    [InlineData("p%2bss%2fw%c3%b6rd%20%221%22%20%26%20%3c2%3e")]
    [InlineData("p%2Bss%2Fw%C3%B6rd+%221%22+%26+%3C2%3E")]
    [InlineData("p+ss/w%C3%B6rd%20\"1\"%20&%20<2>")]
    [InlineData("""p+ss/wörd \"1\" & <2>""")]
    [InlineData("""p\u002Bss\/w\u00f6rd \u00221\u0022 \u0026 \u003c2\u003E""")]
    [InlineData("p+ss/w&#246;rd &quot;1&quot; &amp; &lt;2&gt;")]
    [InlineData("p+ss/w&#xF6;rd &#34;1&#34; &#x26; &lt;2&#62;")]
    public void Every_spelling_is_masked(string spelling)
    {
        var mask = new SecretMask();
        mask.Add(Secret);

        Assert.Equal("a *** b", mask.Apply($"a {spelling} b"));
        Assert.Equal("******", mask.Apply(spelling + spelling));
    }

    [Fact]
    public void A_text_that_is_almost_the_secret_everywhere_costs_its_length_and_is_not_shown()
    {
        // Searched to the end this takes a quarter of an hour, and ten times that for the longest answer: each place is equal for 16,000 characters.
        var mask = new SecretMask();
        mask.Add(new string('a', 16_000) + "b");

        Assert.Equal("***", mask.Apply(new string('a', 1_000_000)));
    }

    [Fact]
    public void Text_that_begins_as_secrets_do_is_still_shown()
    {
        var mask = new SecretMask();
        mask.Add("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n");
        var rule = string.Concat(Enumerable.Repeat("----- a -----\n", 1000));

        Assert.Equal(rule, mask.Apply(rule));
        Assert.Equal(rule + "***", mask.Apply(rule + "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("u:")]
    [InlineData("user:")]
    [InlineData("robot:")]
    public void Base64_is_masked_wherever_the_secret_stands_in_it(string before)
    {
        const string Value = "correct-horse-battery";
        var mask = new SecretMask();
        mask.Add(Value);
        foreach (var after in new[] { "", "!", "!!", "!!!" })
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Value + after));

            var masked = mask.Apply(text);

            Assert.Contains("***", masked, StringComparison.Ordinal);
            Assert.True(masked.Length < text.Length - 20, masked);
        }
    }

    [Fact]
    public void Url_safe_base64_and_hexadecimal_are_masked()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret + "???>>>");
        var mask = new SecretMask();
        mask.Add(Secret + "???>>>");

        Assert.Equal("***", mask.Apply(System.Buffers.Text.Base64Url.EncodeToString(bytes)));
        Assert.Equal("***", mask.Apply(Convert.ToHexString(bytes)));
        Assert.Equal("***", mask.Apply(Convert.ToHexStringLower(bytes)));
    }

    [Fact]
    public void What_is_no_secret_stays()
    {
        var mask = new SecretMask();
        mask.Add(Secret);
        mask.Add("");

        Assert.Equal("p+ss/wörd 100% \\ & + %zz &nope; &", mask.Apply("p+ss/wörd 100% \\ & + %zz &nope; &"));
        Assert.Equal("", mask.Apply(""));
        Assert.Equal("x", new SecretMask().Apply("x"));
    }

    [Fact]
    public void The_longer_of_two_secrets_wins()
    {
        var mask = new SecretMask();
        mask.Add("abc");
        mask.Add("abcdef");

        Assert.Equal("*** ***", mask.Apply("abcdef abc"));
    }

    [Fact]
    public void Json_is_masked_in_names_texts_and_numbers()
    {
        var mask = new SecretMask();
        mask.Add("12345678");

        var masked = MaskedJson.Of("""{"a12345678":[12345678,"\u0031\u0032345678",1.5,true,null]}"""u8.ToArray(), mask);

        Assert.Equal("""{"a***":["***","***",1.5,true,null]}""", Encoding.UTF8.GetString(masked!.Value.Span));
        Assert.Null(MaskedJson.Of("{"u8.ToArray(), mask));
    }
}
