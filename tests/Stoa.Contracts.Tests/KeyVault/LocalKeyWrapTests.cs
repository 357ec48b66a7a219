using Stoa.Gateway.Keys;

namespace Stoa.Contracts.Tests.KeyVault;

public sealed class LocalKeyWrapTests : KeyWrapContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stoa-keys-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "data", "stoa.key");

    public void Dispose() => _folder.Delete(recursive: true);

    private protected override ValueTask<IKeyWrap> JoinAsync() => new(new LocalKeyWrap(Path));

    private protected override ValueTask<IKeyWrap> StrangerAsync() => new(new LocalKeyWrap(Path + ".other"));

    [Fact]
    public async Task The_key_file_is_made_on_first_use_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes.");
        var wrap = new LocalKeyWrap(Path);
        Assert.False(File.Exists(Path));

        await wrap.WrapAsync(new byte[32], None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path));
        Assert.Equal(32, new FileInfo(Path).Length);
        Assert.Single(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_key_file_that_others_can_touch_is_refused(UnixFileMode too)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes.");
        await new LocalKeyWrap(Path).WrapAsync(new byte[32], None);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | too);
        }

        var fault = await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await new LocalKeyWrap(Path).WrapAsync(new byte[32], None));

        Assert.Contains("chmod 600", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_first_uses_at_once_agree_on_one_key()
    {
        var names = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            (await new LocalKeyWrap(Path).WrapAsync(new byte[32], None)).Name)));

        Assert.Single(names.Distinct());
    }

    [Fact]
    public async Task A_key_file_of_another_length_is_refused_and_left_alone()
    {
        await new LocalKeyWrap(Path).WrapAsync(new byte[32], None);
        await File.WriteAllBytesAsync(Path, new byte[31]);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await new LocalKeyWrap(Path).WrapAsync(new byte[32], None));

        Assert.Equal(31, new FileInfo(Path).Length);
    }
}
