using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>The text of a file to import, with the name to show in messages.</summary>
/// <param name="Name">Path as the user gave it.</param>
/// <param name="Text">Decoded content.</param>
public sealed record SourceText(string Name, string Text)
{
    /// <summary>Reads a plain file, a gzip'd one (<c>.gz</c>) or a member of an archive (<c>archive.tar.gz:path/in/archive</c>).</summary>
    /// <remarks>UTF-8 unless a byte order mark says otherwise.</remarks>
    /// <exception cref="FileNotFoundException">There is no such file or no such member; the message says which.</exception>
    /// <exception cref="ImportException">The file is not the archive its name promises.</exception>
    public static SourceText Read(string path)
    {
        if (TrySplitArchive(path, out var archive, out var member))
        {
            return new SourceText(path, Unpack(path, () => ReadMember(archive, member)));
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path} — maybe the path is relative to another folder.", path);
        }

        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new SourceText(path, Unpack(path, () =>
            {
                using var file = File.OpenRead(path);
                using var unzipped = new GZipStream(file, CompressionMode.Decompress);
                return Decode(unzipped);
            }))
            : new SourceText(path, File.ReadAllText(path));
    }

    /// <summary>All files inside a <c>.tar.gz</c>, named by their path in it, in archive order.</summary>
    public static IEnumerable<SourceText> ReadAll(string archive)
    {
        using var file = File.OpenRead(archive);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                yield return new SourceText(entry.Name, Decode(data));
            }
        }
    }

    /// <summary>Takes <c>archive.tar.gz:member</c> apart.</summary>
    internal static bool TrySplitArchive(string path, out string archive, out string member)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[".tar.gz:", ".tgz:"])
        {
            var at = path.IndexOf(suffix, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                archive = path[..(at + suffix.Length - 1)];
                member = path[(at + suffix.Length)..];
                return true;
            }
        }

        (archive, member) = ("", "");
        return false;
    }

    private static string ReadMember(string archive, string member)
    {
        if (!File.Exists(archive))
        {
            throw new FileNotFoundException($"There is no archive {archive} — maybe the path is relative to another folder.", archive);
        }

        using var file = File.OpenRead(archive);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && (entry.Name == member || entry.Name == "./" + member))
            {
                return Decode(data);
            }
        }

        throw new FileNotFoundException(
            $"{archive} has no member {member} — maybe the name is cut; list the members with `tar tzf {archive}`.", archive);
    }

    private static string Unpack(string path, Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException damaged)
        {
            throw new ImportException(path, 1, 1, $"the archive is damaged ({damaged.Message})", "maybe the download was cut short; fetch it again");
        }
    }

    private static string Decode(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
