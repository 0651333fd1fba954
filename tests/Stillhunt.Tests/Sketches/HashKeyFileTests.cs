using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Sketches;

public sealed class HashKeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_who_make_the_key_at_once_one_does_and_all_read_the_same()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = Path.Combine(_folder.Path, $"{round}", "key");
            using var start = new Barrier(4);
            var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return HashKeyFile.LoadOrCreate(path).Key;
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Single(keys.Distinct());
            Assert.Equal(keys[0], HashKeyFile.LoadOrCreate(path).Key);
            Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}
