using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

public sealed class MappingFile
{
    private readonly string _name = string.Empty;
    internal RecordReader Reader(ReadingOptions options) => _name.Length > 0 ? throw new NotSupportedException() : new NativeReader(options);
}
