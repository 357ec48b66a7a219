using System.Buffers;
using System.Security.Cryptography;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tenants;

namespace Stoa.Functions;

/// <summary>Embedded mode: state on local files, for one process, with nothing to install.</summary>
internal sealed class EmbeddedPorts : IDisposable
{
    private readonly DataFolder _folder;
    private readonly FileRowStore _rows;
    private readonly FileBlobStore _blobs;
    private readonly FileAppendStore _ledger;

    public EmbeddedPorts(string dataPath)
    {
        _folder = DataFolder.Open(dataPath);
        _rows = new FileRowStore(_folder);
        _blobs = new FileBlobStore(_folder, LedgerWriter.Container);
        _ledger = new FileAppendStore(_folder, LedgerWriter.Container);
    }

    public GatewayPorts Ports => new(
        new RegistryFile(_rows, _folder), _blobs, new LocalKeyWrap(Path.Combine(_folder.Path, "key-ring.key")), ReadVaultSecret: null, _ledger, _blobs,
        new LocalCheckpointKey(Path.Combine(_folder.Path, "audit-key.pem")));

    /// <summary>
    /// The administrator's key of this folder. Made up and told once, on the first start without a setting; only its hash is kept.
    /// </summary>
    public AdminKey AdminKey(Action<string> tell)
    {
        var path = Path.Combine(_folder.Path, "admin-key.sha256");
        if (File.Exists(path))
        {
            var hash = new byte[SHA256.HashSizeInBytes];
            return Convert.FromHexString(File.ReadAllText(path).Trim(), hash, out _, out var length) is OperationStatus.Done && length == hash.Length
                ? new AdminKey(hash)
                : throw new InvalidDataException($"The file '{path}' must hold the SHA-256 of the administrator's key. Restore it, or delete it for a new key.");
        }

        var key = ApiKey.NewSecret(ApiKey.AdminPrefix);
        var admin = Gateway.Tenants.AdminKey.Of(key);

        // Told first, and put in place whole: a crash in between costs a key that never worked, not the only one that does.
        tell(key);
        File.WriteAllText(path + ".new", Convert.ToHexStringLower(admin.Sha256.Span));
        File.Move(path + ".new", path, overwrite: true);
        return admin;
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _blobs.Dispose();
        _rows.Dispose();
        _folder.Dispose();
    }
}
