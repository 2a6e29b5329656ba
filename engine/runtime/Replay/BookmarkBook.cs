using System.Globalization;
using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>A moment that somebody wants to find again.</summary>
/// <param name="Id">Number within the plant, for the doors.</param>
/// <param name="Recording">Name of the recording it belongs to.</param>
/// <param name="At">Plant time, ms since the epoch.</param>
/// <param name="Note">What is to be seen there.</param>
/// <param name="User">Who set it.</param>
public sealed record Bookmark(string Id, string Recording, long At, string Note, string User);

/// <summary>The bookmarks of a plant, kept in a file. Safe for concurrent callers.</summary>
/// <param name="path">The file, made when needed; <c>null</c> keeps them in memory.</param>
public sealed class BookmarkBook(string? path)
{
    /// <summary>Longest note, characters.</summary>
    public const int LongestNote = 2000;

    private const int Most = 10_000;
    private readonly Lock _gate = new();
    private List<Bookmark>? _marks;

    /// <summary>All bookmarks, by recording and time.</summary>
    public IReadOnlyList<Bookmark> All
    {
        get
        {
            lock (_gate)
            {
                return [.. Marks.OrderBy(m => m.Recording, StringComparer.Ordinal).ThenBy(m => m.At).ThenBy(m => m.Id.Length).ThenBy(m => m.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Sets a bookmark; it is on disk when this returns.</summary>
    /// <exception cref="ArgumentException">The note is too long, or there are too many bookmarks.</exception>
    public Bookmark Add(string recording, SimTime at, string note, string user)
    {
        lock (_gate)
        {
            if (note.Length > LongestNote || Marks.Count >= Most)
            {
                throw new ArgumentException(note.Length > LongestNote
                    ? $"a note has {LongestNote} characters at most, this one has {note.Length}"
                    : $"there are {Most} bookmarks already. Maybe remove some", nameof(note));
            }

            var id = Marks.Count == 0 ? 1 : Marks.Max(m => int.Parse(m.Id, CultureInfo.InvariantCulture)) + 1;
            var mark = new Bookmark(id.ToString(CultureInfo.InvariantCulture), recording, at.Milliseconds, note, user);
            Keep([.. Marks, mark]);
            return mark;
        }
    }

    /// <summary>Removes a bookmark; false when there is none of this id.</summary>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            var left = Marks.Where(m => m.Id != id).ToList();
            var found = left.Count < Marks.Count;
            if (found)
            {
                Keep(left);
            }

            return found;
        }
    }

    private List<Bookmark> Marks => _marks ??= path is not null && File.Exists(path) ? Read(path) : [];

    private void Keep(List<Bookmark> marks)
    {
        if (path is not null)
        {
            WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(marks, KeptJson.Options));
        }

        _marks = marks;
    }

    private static List<Bookmark> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<List<Bookmark>>(File.ReadAllBytes(path), KeptJson.Options) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: it is not a file of bookmarks: {e.Message} Maybe move it aside; the bookmarks in it are then gone.", e);
        }
    }
}

/// <summary>Files that hold what they held before or the whole of the new, never a part.</summary>
internal static class WholeFile
{
    public static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".tmp"; // beside it, so that the move stays within one file system
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>JSON of what the replay and training rooms keep: readable by people.</summary>
internal static class KeptJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(), new PlantMomentConverter() },
    };
}
