using System.Buffers.Text;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Records;

/// <summary>Members of nested JSON objects, in the order in which they are asked for; a member without a value is left out. Names are plain ASCII.</summary>
internal ref struct MemberWriter(LineBuffer output)
{
    private bool _needsComma;

    public void Begin()
    {
        Separate();
        output.Write("{"u8);
        _needsComma = false;
    }

    public void Begin(ReadOnlySpan<byte> name)
    {
        Name(name);
        output.Write("{"u8);
        _needsComma = false;
    }

    public void End()
    {
        output.Write("}"u8);
        _needsComma = true;
    }

    public void BeginArray(ReadOnlySpan<byte> name)
    {
        Name(name);
        output.Write("["u8);
        _needsComma = false;
    }

    public void EndArray()
    {
        output.Write("]"u8);
        _needsComma = true;
    }

    public void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            CanonicalText.Write(value, output);
        }
    }

    public void Time(ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Name(name);
        var span = output.GetSpan(RecordTime.Length + 2);
        span[0] = (byte)'"';
        RecordTime.Write(value, span[1..]);
        span[RecordTime.Length + 1] = (byte)'"';
        output.Advance(RecordTime.Length + 2);
    }

    public void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            Name(name);
            Digits(number);
        }
    }

    public void Flag(ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            Truth(name, value);
        }
    }

    public void Truth(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        output.Write(value ? "true"u8 : "false"u8);
    }

    public void Hash(ReadOnlySpan<byte> name, in Sha256Hash value)
    {
        Name(name);
        Span<byte> bytes = stackalloc byte[Sha256Hash.Size];
        value.CopyTo(bytes);
        var span = output.GetSpan(Sha256Hash.HexLength + 2);
        span[0] = (byte)'"';
        Convert.TryToHexStringLower(bytes, span[1..], out _);
        span[Sha256Hash.HexLength + 1] = (byte)'"';
        output.Advance(Sha256Hash.HexLength + 2);
    }

    public void Base64(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        output.Write("\""u8);
        System.Buffers.Text.Base64.EncodeToUtf8(value, output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out var written);
        output.Advance(written);
        output.Write("\""u8);
    }

    /// <summary>A record's id: <c>instance-sequence</c>.</summary>
    public void Id(ReadOnlySpan<byte> name, string instance, long sequence)
    {
        Name(name);
        output.Write("\""u8);
        var span = output.GetSpan(instance.Length);
        output.Advance(System.Text.Encoding.ASCII.GetBytes(instance, span));
        output.Write("-"u8);
        Digits(sequence);
        output.Write("\""u8);
    }

    /// <summary>A value that is canonical JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        Name(name);
        output.Write(json);
    }

    // Up to 2^53 a double is exact and ECMAScript writes it as these digits; amounts beyond are cut there.
    private readonly void Digits(long number)
    {
        Utf8Formatter.TryFormat(Math.Clamp(number, -Largest, Largest), output.GetSpan(20), out var written);
        output.Advance(written);
    }

    private const long Largest = 9_007_199_254_740_991;

    private void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        var span = output.GetSpan(name.Length + 3);
        span[0] = (byte)'"';
        name.CopyTo(span[1..]);
        span[name.Length + 1] = (byte)'"';
        span[name.Length + 2] = (byte)':';
        output.Advance(name.Length + 3);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            output.Write(","u8);
        }

        _needsComma = true;
    }
}
