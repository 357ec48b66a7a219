using System.Security.Cryptography;
using System.Text;

namespace Stoa.Azure.Rest;

/// <summary>A storage account and its key, which signs and is never shown.</summary>
internal sealed class AccountKey(string account, byte[] key)
{
    public string Account => account;

    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    public override string ToString() => account;
}
