using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Calibration;

/// <summary>Proposes other numbers for the model of a plant, and makes them the model's when a person accepts.</summary>
/// <param name="folder">Of a plant's accepted calibrations; <c>null</c> keeps them for this process only.</param>
public sealed class CalibrationService(Func<string, string?> folder, TimeProvider time)
{
    private const int Kept = 20;
    private readonly ConcurrentDictionary<string, List<CalibrationProposal>> _proposals = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>Proposals of a plant, the latest first.</summary>
    public IReadOnlyList<CalibrationProposal> All(string plantId)
    {
        var list = _proposals.GetOrAdd(plantId, _ => []);
        lock (list)
        {
            return [.. Enumerable.Reverse(list)];
        }
    }

    /// <summary>A proposal by its id, or <c>null</c>.</summary>
    public CalibrationProposal? Find(string plantId, string id) => All(plantId).FirstOrDefault(p => p.Id == id);

    /// <summary>Reads all that the session remembers and judges the model by it.</summary>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public async Task<CalibrationProposal> ProposeAsync(TwinSession session, CalibrationOptions options, CancellationToken cancellation = default)
    {
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        var view = session.View();
        var proposal = await Task.Run(() => Judge(session, view, options, cancellation), cancellation);
        var list = _proposals.GetOrAdd(session.Id, _ => []);
        lock (list)
        {
            list.Add(proposal);
            if (list.Count > Kept)
            {
                list.RemoveAt(0);
            }
        }

        return proposal;
    }

    /// <summary>Makes a proposal the model's: in the running session, and on disk for the next start.</summary>
    /// <exception cref="InvalidOperationException">It changes nothing, was accepted already, or the plant has changed so that it does not fit any more.</exception>
    public async Task<CalibrationProposal> AcceptAsync(TwinSession session, CalibrationProposal proposal, string user, CancellationToken cancellation = default)
    {
        var list = _proposals.GetOrAdd(session.Id, _ => []);
        var patch = proposal.Patch();
        if (patch.Length == 0 || proposal.AcceptedBy is not null)
        {
            throw new InvalidOperationException(patch.Length == 0 ? $"calibration {proposal.Id} proposes nothing to change" : $"calibration {proposal.Id} was accepted by {proposal.AcceptedBy} already");
        }

        var accepted = proposal with { AcceptedBy = user, AcceptedAt = time.GetUtcNow() };
        lock (list)
        {
            var at = list.FindIndex(p => p.Id == proposal.Id);
            if (at < 0 || list[at].AcceptedBy is not null)
            {
                throw new InvalidOperationException($"calibration {proposal.Id} was accepted already");
            }

            list[at] = accepted;
        }

        try
        {
            await session.RecalibrateAsync(plant => Patched(plant, patch), cancellation);
            Write(session.Id, accepted, patch);
        }
        catch
        {
            lock (list)
            {
                list[list.FindIndex(p => p.Id == proposal.Id)] = proposal;
            }

            throw;
        }

        return accepted;
    }

    /// <summary>The plant as calibrations accepted before have it.</summary>
    /// <param name="problems">Calibrations that do not fit the scenario any more, with the reason; they are left out.</param>
    public CompiledScenario Opened(CompiledScenario plant, List<string> problems)
    {
        var path = folder(plant.Scenario.Id);
        string[] files = path is not null && Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal)] : [];
        foreach (var file in files)
        {
            try
            {
                plant = Patched(plant, File.ReadAllText(file));
            }
            catch (InvalidOperationException e)
            {
                problems.Add($"{file}: {e.Message}");
            }
        }

        return plant;
    }

    private CalibrationProposal Judge(TwinSession session, TwinView view, CalibrationOptions options, CancellationToken cancellation)
    {
        var (record, state) = (new PlantRecord(), new PlantState(view.State.Plant)); // orders that came later lie at the end of the book
        foreach (var e in session.Past.Between(new SimTime(-1), view.Now))
        {
            cancellation.ThrowIfCancellationRequested();
            if (state.Permits(e))
            {
                record.On(e, state);
                state.Apply(e);
            }
        }

        state.AdvanceTo(SimTime.Max(state.Now, view.Now));
        return new CalibrationProposal
        {
            Id = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture), Plant = session.Id, MadeAt = time.GetUtcNow(), Events = record.Events,
            Items = Calibrator.Judge(record, state, options),
        };
    }

    private static CompiledScenario Patched(CompiledScenario plant, string patch)
    {
        var read = WhatIfFile.ReadText(patch, "calibration", new PlantState(plant));
        return read.Plant ?? throw new InvalidOperationException($"it does not fit the plant any more: {read.Diagnostics.First(d => d.Severity == Severity.Error)}");
    }

    private void Write(string plantId, CalibrationProposal accepted, string patch)
    {
        if (folder(plantId) is not { } path)
        {
            return;
        }

        Directory.CreateDirectory(path);
        var file = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{accepted.AcceptedAt:yyyyMMdd-HHmmss-fff}.yaml"));
        File.WriteAllText(file + ".part", string.Create(CultureInfo.InvariantCulture, $"# accepted by {JsonSerializer.Serialize(accepted.AcceptedBy, CalibrationJson.Default.String)}, on {accepted.Events} events\n") + patch);
        File.Move(file + ".part", file, overwrite: true);
    }
}

/// <summary>JSON of proposals.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CalibrationProposal))]
[JsonSerializable(typeof(string))]
internal sealed partial class CalibrationJson : JsonSerializerContext;
