using System.Diagnostics;
using System.Globalization;
using System.Text;
using Stoa.Ledger.Canonical;

namespace Stoa.Ledger.Tests.Canonical;

/// <summary>Numbers as ECMAScript writes them.</summary>
public sealed class EcmaNumberTests
{
    // RFC 8785, appendix B.
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void The_vectors_of_the_RFC_hold(string bits, string expected) => Assert.Equal(expected, Format(Parse(bits)));

    [Fact]
    public void What_is_no_number_is_refused()
    {
        Assert.Throws<FormatException>(() => Format(double.NaN));
        Assert.Throws<FormatException>(() => Format(double.PositiveInfinity));
    }

    [Fact]
    public async Task Random_numbers_are_written_as_Node_writes_them()
    {
        const int Count = 50_000;
        var random = new Random(8785);
        var numbers = Enumerable.Range(0, Count).Select(i => i % 3 switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            1 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 24)),
            _ => Math.Round(random.NextDouble() * 1e6, random.Next(0, 5)),
        }).Where(double.IsFinite).ToArray();

        const string Script = "require('fs').readFileSync(0,'utf8').trim().split('\\n').forEach(h => console.log(String(Buffer.from(h,'hex').readDoubleBE())))";
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(string.Join('\n', numbers.Select(n => BitConverter.DoubleToInt64Bits(n).ToString("x16", CultureInfo.InvariantCulture))));
        node.StandardInput.Close();

        Assert.Equal((await output).Trim().Split('\n'), numbers.Select(Format));
        Assert.All(numbers, n => Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(Format(n)))));
    }

    private static string Format(double number)
    {
        var text = new byte[EcmaNumber.MaxLength];
        return Encoding.UTF8.GetString(text, 0, EcmaNumber.Format(number, text));
    }

    private static double Parse(string bits) => BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
