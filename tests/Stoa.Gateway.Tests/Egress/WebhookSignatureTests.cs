using System.Text;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Egress;

public sealed class WebhookSignatureTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    /// <summary>The vector that libraries of Standard Webhooks test themselves with.</summary>
    [Fact]
    public void It_is_what_libraries_of_Standard_Webhooks_expect() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", At, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));

    [Theory]
    [InlineData("plain-secret")]
    [InlineData("whsec_not base64!")]
    public void A_secret_of_another_form_is_the_key_itself(string secret)
    {
        var expected = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("msg_1.1614265330.{}"));

        Assert.Equal("v1," + Convert.ToBase64String(expected), WebhookSignature.Of(new Secret(secret), "msg_1", At, "{}"u8));
    }
}
