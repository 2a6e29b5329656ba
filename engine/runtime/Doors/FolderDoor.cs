using System.Globalization;
using System.Text;
using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Files dropped into a folder.</summary>
/// <remarks>
/// A file is taken when it has not changed for a while and nobody holds it open for writing. It is read as a whole first: when one row is no observation, nothing of it is taken
/// and it moves to <c>refused/</c>. Otherwise its rows are delivered, and it moves to <c>done/</c> when they are on disk; what the plant's state does not allow is
/// kept and marked as through every door, and said in the report beside the file. A row without an id gets one of the file's content and the row's
/// number, so a crash between delivery and move, or the same file dropped again, changes nothing.
/// </remarks>
internal sealed class FolderDoor(FolderSettings settings, TwinSession session, TimeProvider time)
    : PlantDoor(settings.Name, "folder", settings.Path, session, time)
{
    private const long LargestFile = 256L * 1024 * 1024;
    private static readonly string[] s_endings = [".csv", ".tsv", ".txt", ".xlsx", ".json", ".ndjson", ".jsonl"];
    private static readonly UTF8Encoding s_withMark = new(true);
    private readonly Dictionary<string, (long Length, DateTime Written, DateTimeOffset Since)> _seen = new(StringComparer.Ordinal);
    private long _done;
    private long _refused;

    protected override string Detail => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Read(ref _done)} files done, {Interlocked.Read(ref _refused)} refused");

    protected override async Task WorkAsync(Action opened, CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Path);
        Directory.CreateDirectory(Path.Combine(settings.Path, "done"));
        Directory.CreateDirectory(Path.Combine(settings.Path, "refused"));
        Become(DoorStatus.Open, null);
        opened();
        while (true)
        {
            foreach (var file in Complete())
            {
                await TakeAsync(file, stop);
            }

            await Task.Delay(settings.Every < settings.Settle ? settings.Every : TimeSpan.FromTicks(Math.Max(settings.Settle.Ticks / 2, settings.Every.Ticks / 2)), Time, stop);
        }
    }

    /// <summary>Files that have not changed for as long as a complete one does not, oldest first.</summary>
    private List<FileInfo> Complete()
    {
        var now = Time.GetUtcNow();
        var complete = new List<FileInfo>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(settings.Path).EnumerateFiles())
        {
            if (file.Name[0] is '.' or '~' || !s_endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            there.Add(file.Name);
            var seen = _seen.GetValueOrDefault(file.Name);
            if (seen.Since == default || seen.Length != file.Length || seen.Written != file.LastWriteTimeUtc)
            {
                _seen[file.Name] = (file.Length, file.LastWriteTimeUtc, now);
            }
            else if (now - seen.Since >= settings.Settle)
            {
                complete.Add(file);
            }
        }

        foreach (var gone in _seen.Keys.Where(k => !there.Contains(k)).ToList())
        {
            _seen.Remove(gone);
        }

        return [.. complete.OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal)];
    }

    private async Task TakeAsync(FileInfo file, CancellationToken stop)
    {
        byte[] content;
        try
        {
            if (file.Length > LargestFile)
            {
                Refuse(file, [$"the file has more than {LargestFile / 1024 / 1024} MiB. Maybe split it"]);
                return;
            }

            await using var open = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
            content = new byte[open.Length];
            await open.ReadExactlyAsync(content, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Become(DoorStatus.Waiting, $"{file.Name} cannot be read yet: {e.Message}");
            return;
        }

        CountReceived();
        var read = DroppedFile.Read(file.FullName, content, settings.Mapping, Time.GetUtcNow(), Name);
        if (read.Problems.Count > 0)
        {
            Refuse(file, read.Problems);
            return;
        }

        var receipt = await DeliverAsync([.. read.Rows.Select(r => r.Observation)], [], stop);
        var refused = receipt.Refused.GroupBy(r => r.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Reason, StringComparer.Ordinal);
        var report = new StringBuilder("row,id,outcome,reason\n");
        foreach (var (row, observation) in read.Rows)
        {
            var reason = refused.GetValueOrDefault(observation.Id);
            report.Append(CultureInfo.InvariantCulture, $"{row},{Quoted(observation.Id)},{(reason is null ? "taken" : "kept and marked")},{Quoted(reason ?? "")}\n");
        }

        Move(file, "done", report.ToString());
        Interlocked.Increment(ref _done);
    }

    private void Refuse(FileInfo file, IReadOnlyList<string> problems)
    {
        var report = new StringBuilder("what is wrong (nothing of the file was taken)\n");
        foreach (var problem in problems)
        {
            report.Append(Quoted(problem.Replace(settings.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))).Append('\n');
        }

        Move(file, "refused", report.ToString());
        Interlocked.Increment(ref _refused);
        Change(h => h with { Refused = h.Refused + 1 });
    }

    /// <summary>First the report, then the file: a file in its place has its report.</summary>
    private void Move(FileInfo file, string folder, string report)
    {
        var name = file.Name;
        for (var n = 2; File.Exists(Path.Combine(settings.Path, folder, name)); n++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file.Name)}-{n}{file.Extension}");
        }

        File.WriteAllText(Path.Combine(settings.Path, folder, name + ".report.csv"), report, s_withMark);
        File.Move(file.FullName, Path.Combine(settings.Path, folder, name));
        _seen.Remove(file.Name);
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
