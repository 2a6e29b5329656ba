using System.Text;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Writes a scenario as a folder that <see cref="ScenarioReader"/> reads back to the same scenario, byte for byte stable.</summary>
public static class ScenarioWriter
{
    /// <summary>Writes the files of a scenario; other files of the folder (README.md, expected.yaml) stay as they are.</summary>
    /// <remarks>
    /// A new folder appears whole or not at all. In an existing folder every file is first written beside its target, and
    /// only when all are on disk do they take their places; a failure before that leaves the old scenario untouched.
    /// Tables that the scenario no longer needs are removed.
    /// </remarks>
    /// <exception cref="ArgumentException">An id cannot be written: it is empty, has blanks at its ends, or contains <c>;</c> or a control character.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(Scenario scenario, string folder)
    {
        var files = ScenarioFormat.Files(scenario).ToList();
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(target))
        {
            Replace(target, files);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (var (name, text) in files)
            {
                WriteText(Path.Combine(temporary, name), text);
            }

            Directory.Move(temporary, target);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void Replace(string target, List<(string Name, string Text)> files)
    {
        var suffix = $".{Path.GetRandomFileName()}.tmp";
        try
        {
            foreach (var (name, text) in files)
            {
                WriteText(Path.Combine(target, name + suffix), text);
            }

            foreach (var (name, _) in files)
            {
                File.Move(Path.Combine(target, name + suffix), Path.Combine(target, name), overwrite: true);
            }
        }
        catch
        {
            foreach (var (name, _) in files)
            {
                File.Delete(Path.Combine(target, name + suffix));
            }

            throw;
        }

        foreach (var (table, _) in ScenarioFormat.Tables)
        {
            if (files.TrueForAll(f => f.Name != table.Name))
            {
                File.Delete(Path.Combine(target, table.Name));
            }
        }
    }

    private static void WriteText(string path, string text) => File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
}
