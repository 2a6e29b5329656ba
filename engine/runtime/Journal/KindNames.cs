using DigitalTwin.Plant.Events;

namespace DigitalTwin.Runtime.Journal;

/// <summary>The names of the event kinds that a journal's numbers stand for, so that a later program with other numbers reads it right.</summary>
/// <remarks>A journal keeps every list of names it was ever written with; a segment says which is its own. While reading, the numbers of an
/// older list become those of this program.</remarks>
internal sealed class KindNames
{
    private const string Key = "kinds.";
    private readonly Dictionary<int, byte[]?> _maps = [];

    private KindNames(int current) => Current = current;

    /// <summary>Version that new segments get.</summary>
    public int Current { get; }

    /// <summary>The names of this program.</summary>
    public static string OfThisProgram { get; } = string.Join(',', Enum.GetNames<PlantEventKind>());

    /// <summary>Reads the lists of a journal.</summary>
    /// <param name="toWrite">A list to be noted, or empty.</param>
    public static KindNames Of(IReadOnlyDictionary<string, string> meta, out Dictionary<string, string> toWrite)
    {
        toWrite = new(StringComparer.Ordinal);
        var lists = meta.Where(m => m.Key.StartsWith(Key, StringComparison.Ordinal))
            .ToDictionary(m => int.Parse(m.Key.AsSpan(Key.Length), System.Globalization.CultureInfo.InvariantCulture), m => m.Value);
        var current = lists.FirstOrDefault(l => l.Value == OfThisProgram).Key;
        if (current == 0)
        {
            current = lists.Keys.DefaultIfEmpty(0).Max() + 1;
            lists.Add(current, OfThisProgram);
            toWrite.Add(KeyOf(current), OfThisProgram);
        }

        var names = new KindNames(current);
        foreach (var (version, list) in lists)
        {
            names._maps.Add(version, MapOf(list.Split(',')));
        }

        return names;
    }

    public static string KeyOf(int version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Key}{version}");

    /// <summary>New number of every old one; <c>null</c> where they are the same.</summary>
    /// <exception cref="JournalException">The list is not there.</exception>
    public byte[]? MapFor(int version) =>
        _maps.TryGetValue(version, out var map) ? map : throw new JournalException($"the names of its event kinds (list {version}) are missing. Maybe restore a backup.");

    private static byte[]? MapOf(string[] names)
    {
        var map = new byte[256];
        map.AsSpan().Fill(byte.MaxValue);
        var same = true;
        for (var i = 0; i < names.Length; i++)
        {
            map[i] = Enum.TryParse<PlantEventKind>(names[i], out var kind) ? (byte)kind : byte.MaxValue;
            same &= map[i] == i;
        }

        return same ? null : map;
    }
}
