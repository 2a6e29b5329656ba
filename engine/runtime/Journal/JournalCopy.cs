using System.Globalization;

namespace DigitalTwin.Runtime.Journal;

/// <summary>What is in a journal, and whether it is sound.</summary>
/// <param name="Where">For people: what was read.</param>
/// <param name="Plant">Id of the plant, where it says so.</param>
/// <param name="Rows">Sound rows.</param>
/// <param name="Events">Plant events in them.</param>
/// <param name="ClockMs">Plant time of the latest.</param>
/// <param name="Bytes">Bytes of the sound segments and saved folds.</param>
/// <param name="Snapshots">Saved folds.</param>
/// <param name="Damages">What is damaged, where, and the way out; empty when all is sound.</param>
public sealed record JournalReport(
    string Where, string Plant, long Rows, long Events, long ClockMs, long Bytes, int Segments, int Snapshots, IReadOnlyList<string> Damages);

/// <summary>Copies and checks whole journals, segment by segment.</summary>
internal static class JournalCopy
{
    public static string PlantOf(ISegmentStore store) => store.Meta().GetValueOrDefault(SegmentJournal.PlantKey)
        ?? throw new JournalException($"{store.Name}: does not say of which plant it is. Maybe name it with --plant.");

    /// <summary>A journal file with something in it, or one that a twin has open.</summary>
    public static bool IsInUse(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var store = SqliteStore.OpenToRead(path);
        return store.Meta().GetValueOrDefault(SegmentJournal.RestoringKey) != "yes";
    }

    /// <summary>Copies into a new file, which appears under its name when it is whole.</summary>
    public static JournalReport Backup(ISegmentStore from, string plant, string file, CancellationToken cancellation)
    {
        if (File.Exists(file))
        {
            throw new JournalException($"{file}: is there already, and a backup overwrites nothing. Maybe another name?");
        }

        RequireLayout(from);
        var unfinished = file + ".part";
        File.Delete(unfinished);
        try
        {
            JournalReport report;
            using (var to = SqliteStore.Open(unfinished))
            {
                to.Write(new StoreChange { Meta = new Dictionary<string, string>(Carried(from), StringComparer.Ordinal) { [SegmentJournal.PlantKey] = plant } });
                report = Copy(from, to, cancellation);
            }

            File.Move(unfinished, file);
            return report with { Where = file, Plant = plant };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{file}: cannot be written ({e.Message}). Maybe another folder?", e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>A damaged backup is not for restoring.</summary>
    public static void RequireSound(ISegmentStore backup, CancellationToken cancellation)
    {
        if (Verify(backup, cancellation).Damages is [var first, ..])
        {
            throw new JournalException($"{backup.Name}: this backup is damaged, so nothing was restored: {first}");
        }
    }

    /// <summary>Copies a sound backup into an empty place.</summary>
    public static JournalReport Restore(ISegmentStore from, ISegmentStore to, CancellationToken cancellation)
    {
        var there = to.Meta();
        if (there.GetValueOrDefault(SegmentJournal.RestoringKey) == "yes")
        {
            to.StartOver();
        }
        else if (to.Segments().Count > 0 || there.ContainsKey(SegmentJournal.FingerprintKey))
        {
            throw new JournalException($"{to.Name}: there is a journal already, and a restore overwrites nothing. Maybe move it away first, or restore to another place.");
        }

        to.Write(new StoreChange { Meta = new Dictionary<string, string>(Carried(from), StringComparer.Ordinal) { [SegmentJournal.RestoringKey] = "yes" } });
        var report = Copy(from, to, cancellation);
        to.Write(new StoreChange { Meta = new Dictionary<string, string>(StringComparer.Ordinal) { [SegmentJournal.RestoringKey] = "no" } });
        return report with { Where = to.Name };
    }

    /// <summary>Reads everything and compares it with its checksums.</summary>
    public static JournalReport Verify(ISegmentStore store, CancellationToken cancellation)
    {
        RequireLayout(store);
        return Walk(store, null, cancellation);
    }

    private static JournalReport Copy(ISegmentStore from, ISegmentStore to, CancellationToken cancellation) => Walk(from, to, cancellation);

    private static JournalReport Walk(ISegmentStore from, ISegmentStore? to, CancellationToken cancellation)
    {
        var meta = from.Meta();
        var forgotten = meta.TryGetValue(SegmentJournal.ForgottenKey, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var report = new JournalReport(from.Name, meta.GetValueOrDefault(SegmentJournal.PlantKey, ""), 0, 0, 0, 0, 0, 0, []);
        var damages = new List<string>();
        if (meta.TryGetValue(SegmentJournal.DamageKey, out var old))
        {
            damages.Add(old.Split('\t')[^1]);
        }

        var last = forgotten;
        foreach (var segment in from.Segments())
        {
            cancellation.ThrowIfCancellationRequested();
            if (segment.First > last + 1)
            {
                damages.Add($"rows {last + 1} to {segment.First - 1} are missing");
            }

            last = segment.Last;
            if (from.ReadSegment(segment.First) is not { } body || !CheckedBytes.Fits(body, SegmentCodec.Place(segment)))
            {
                damages.Add($"rows {segment.First} to {segment.Last} ({segment.Events} events) do not match their checksum: the twin leaves them out and uses the others");
                continue;
            }

            to?.Write(new StoreChange { Add = [segment with { Body = body }] });
            report = report with
            {
                Rows = report.Rows + segment.Rows, Events = report.Events + segment.Events, ClockMs = segment.ClockMs, Bytes = report.Bytes + body.Length, Segments = report.Segments + 1,
            };
        }

        foreach (var head in from.Snapshots())
        {
            cancellation.ThrowIfCancellationRequested();
            report = Saved(from, head, to, report, damages, head.Sequence == forgotten);
        }

        return report with { Damages = damages };
    }

    private static JournalReport Saved(ISegmentStore from, SnapshotHead head, ISegmentStore? to, JournalReport report, List<string> damages, bool isStart)
    {
        var fold = head.HasFold ? from.ReadSnapshot(head.Sequence) : null;
        var bars = from.ReadBars(head.Sequence);
        var soundFold = fold is not null && CheckedBytes.Fits(fold, [head.Sequence, head.ClockMs]);
        var soundBars = bars is not null && CheckedBytes.Fits(bars, [head.Sequence, head.BarsFrom, head.BarsTo]);
        if ((head.HasFold && !soundFold) || !soundBars)
        {
            damages.Add($"the fold saved at row {head.Sequence} does not match its checksum: "
                + (isStart ? "the past begins there, so only a backup helps" : "nothing is lost, the twin makes it anew from the rows"));
            return report;
        }

        to?.Write(new StoreChange
        {
            Snapshot = new JournalSnapshot(head, (fold ?? new byte[CheckedBytes.HeadSize]).AsMemory(CheckedBytes.HeadSize), bars.AsMemory(CheckedBytes.HeadSize)),
            ThinSnapshots = head.HasFold ? [] : [head.Sequence],
        });
        return report with { Bytes = report.Bytes + (fold?.Length ?? 0) + bars!.Length, Snapshots = report.Snapshots + (head.HasFold ? 1 : 0) };
    }

    private static Dictionary<string, string> Carried(ISegmentStore from) =>
        from.Meta().Where(m => m.Key is not ("probe" or SegmentJournal.RestoringKey)).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);

    private static void RequireLayout(ISegmentStore store)
    {
        var layout = store.Meta().GetValueOrDefault(SegmentJournal.LayoutKey);
        if (layout != SegmentJournal.LayoutVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new JournalException($"{store.Name}: journal layout {layout ?? "none"} is not the layout {SegmentJournal.LayoutVersion} of this version. Maybe open it once with twin serve, which takes an older one over.");
        }
    }
}
