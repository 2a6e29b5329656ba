using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>Applies patches and reads the outcome like a scenario from disk.</summary>
internal static class Patching
{
    /// <summary>Stands for the file of a patch that a program made.</summary>
    public const string NoFile = "patches";

    public static ReadResult Apply(Scenario scenario, IReadOnlyList<ScenarioPatch> patches)
    {
        if (patches.Count == 0)
        {
            return new ReadResult { Scenario = scenario, Diagnostics = [] };
        }

        var own = patches.Select(p => p.Place.File ?? NoFile).ToHashSet(StringComparer.Ordinal);
        var (patched, found) = Read(scenario, patches);
        var elsewhere = found.Where(d => !own.Contains(d.File)).ToList();
        var diagnostics = found.Where(d => own.Contains(d.File)).ToList();
        if (elsewhere.Count > 0)
        {
            diagnostics.AddRange(Blame(scenario, patches, elsewhere));
        }

        var hasErrors = diagnostics.Exists(d => d.Severity == Severity.Error);
        return new ReadResult { Scenario = hasErrors ? null : patched, Diagnostics = [.. diagnostics.OrderBy(d => d.Line).ThenBy(d => d.Column)] };
    }

    private static (Scenario Patched, IReadOnlyCollection<Diagnostic> Found) Read(Scenario scenario, IEnumerable<ScenarioPatch> patches)
    {
        var bag = new DiagnosticBag();
        var target = new PatchTarget(new ScenarioDraft(scenario), bag);
        foreach (var patch in patches)
        {
            patch.Apply(target);
        }

        return (target.Draft.Read(bag), bag.All);
    }

    /// <summary>Findings about rows that no patch wrote belong to the first patch after which they appear; those of the base itself are no news.</summary>
    private static IEnumerable<Diagnostic> Blame(Scenario scenario, IReadOnlyList<ScenarioPatch> patches, List<Diagnostic> findings)
    {
        var known = Read(scenario, []).Found.Select(d => d.Message).ToHashSet(StringComparer.Ordinal);
        for (var count = 1; count <= patches.Count; count++)
        {
            var now = count == patches.Count ? findings : Read(scenario, patches.Take(count)).Found.ToList();
            var place = patches[count - 1].Place;
            foreach (var d in now.Where(d => known.Add(d.Message) && findings.Exists(f => f.Message == d.Message)))
            {
                yield return d with { File = place.File ?? NoFile, Line = place.Line, Column = place.Column, Message = $"{d.File} would be wrong: {d.Message}" };
            }
        }
    }
}
