using System.Text.Json;

namespace Stoa.Cli.Session;

/// <summary>The file that holds the login, for its owner only (mode 0600). Replaced whole, so that no reader sees half of it.</summary>
internal sealed class LoginFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path => path;

    /// <summary><see cref="StoredLogin.None"/> when there is no file.</summary>
    public StoredLogin Read()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, LoginJson.Default.StoredLogin) ?? StoredLogin.None;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return StoredLogin.None;
        }
        catch (JsonException)
        {
            throw CommandStop.Usage($"The stored login in {path} is not valid JSON.", "Repair or delete the file, then run `stoa login`.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandStop.Usage($"The stored login in {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>True when others may read the keys in it; ssh's rule for private keys.</summary>
    public bool IsOpenToOthers() =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None;

    public void Write(StoredLogin login)
    {
        var target = System.IO.Path.GetFullPath(path);
        var folder = System.IO.Path.GetDirectoryName(target)!;
        var fresh = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(target)}.{Guid.NewGuid():N}");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(fresh, options))
            {
                JsonSerializer.Serialize(file, login, LoginJson.Default.StoredLogin);
                file.WriteByte((byte)'\n');
            }

            File.Move(fresh, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(fresh);
            throw CommandStop.Usage($"The login cannot be stored in {path}: {e.Message}", "Set STOA_CONFIG to a file that you may write.");
        }
    }

    /// <summary>False when there was none.</summary>
    public bool Delete()
    {
        var exists = File.Exists(path);
        File.Delete(path);
        return exists;
    }
}
