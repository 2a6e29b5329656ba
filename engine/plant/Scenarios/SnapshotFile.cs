using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Snapshots of running simulations on disk.</summary>
public static class SnapshotFile
{
    /// <summary>Whether a file begins like a snapshot, sound or not.</summary>
    public static bool IsOne(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var start = new byte[8];
        return PlantSnapshot.BeginsLikeOne(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Saves a run: at any moment the file holds what it held before or the whole snapshot, never a part.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="NotSupportedException">The run follows a rule that is code.</exception>
    public static void Write(string path, RunInProgress run)
    {
        var bytes = PlantSnapshot.Save(run);
        var temporary = path + ".tmp"; // beside it, so that the move stays within one file system
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>What a snapshot holds, without its scenario.</summary>
    /// <exception cref="SnapshotException">It cannot be used; the message names the file.</exception>
    public static SnapshotInfo Describe(string path) => Named(path, PlantSnapshot.Describe);

    /// <summary>Loads a run.</summary>
    /// <param name="plant">The scenario that the run was of.</param>
    /// <exception cref="SnapshotException">It cannot be used; the message names the file.</exception>
    public static RunInProgress Read(string path, CompiledScenario plant) => Named(path, bytes => PlantSnapshot.Load(bytes, plant));

    private static T Named<T>(string path, Func<ReadOnlyMemory<byte>, T> read)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return read(bytes);
        }
        catch (SnapshotException refused)
        {
            throw new SnapshotException($"{path}: {refused.Message}", refused);
        }
    }
}
