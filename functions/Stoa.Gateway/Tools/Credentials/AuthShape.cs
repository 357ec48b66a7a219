using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>The field <c>auth</c> of a tool.</summary>
internal static class AuthShape
{
    public static SpellingShape Auth
    {
        get
        {
            var main = Main;
            return new(
                main,
                (node, place) => AuthSpellings.Respell(node, place, main),
                json => AuthSpellings.DescribeFlat(json, main),
                Shape.Choice("none").Describe);
        }
    }

    private static ObjectShape Main => Shape.Object(
        new("type", Shape.Choice("none", "apiKey", "bearer", "basic", "oauth2", "mtls"), "The field of the same name must be given, and no other.") { Default = "none" },
        new("apiKey",
            Shape.Object(
                new("in", Shape.Choice("header", "query", "cookie"), "Where the key goes.") { Required = true, Aliases = ["location"] },
                new("name", Shape.Text(TextRule.HttpToken), "Name of the header, query parameter or cookie.") { Required = true },
                new("secretRef", SecretRef.Shape, "The key.") { Required = true }),
            "A key in a header, query parameter or cookie."),
        new("bearer", Shape.Object(new Field("secretRef", SecretRef.Shape, "The token.") { Required = true }), "`Authorization: Bearer`."),
        new("basic",
            Shape.Object(
                new("username", Shape.Text(1, 256), "The user's name; or use `usernameRef`."),
                new("usernameRef", SecretRef.Shape, "The user's name from a secret."),
                new("passwordRef", SecretRef.Shape, "The password.") { Required = true, Aliases = ["secretRef"] }),
            "`Authorization: Basic`."),
        new("oauth2",
            Shape.Object(
                new("tokenUrl", Shape.Text(1, 2048), "The token endpoint.") { Required = true, Aliases = ["tokenURL", "tokenEndpoint"], Example = "https://login.example.com/oauth/token" },
                new("clientId", Shape.Text(1, 512), "The client's id; or use `clientIdRef`."),
                new("clientIdRef", SecretRef.Shape, "The client's id from a secret."),
                new("clientSecretRef", SecretRef.Shape, "The client's secret.") { Required = true, Aliases = ["secretRef"] },
                new("clientAuthentication", Shape.Choice("basic", "post"), "How the client proves itself: in the Authorization header or in the form.") { Default = "basic" },
                new("scopes", Shape.ListOf(Shape.Text(1, 256)), "What is asked for.") { Default = "[]" },
                new("audience", Shape.Text(1, 2048), "Sent as `audience`, which some servers require."),
                new("resource", Shape.Text(1, 2048), "Sent as `resource` (RFC 8707).")),
            "A token by the client credentials grant. It is kept as long as the endpoint says, though 10 s at least, 1 h at most, and 5 min when it does not say, and fetched anew after four fifths of that."),
        new("mtls",
            Shape.Object(
                new("certificateRef", SecretRef.Shape, "The certificate and its chain, PEM.") { Required = true },
                new("privateKeyRef", SecretRef.Shape, "Its private key, PEM.") { Required = true }),
            "A client certificate."));
}
