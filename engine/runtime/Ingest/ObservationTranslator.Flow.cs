using System.Globalization;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Runtime.Ingest;

/// <content>
/// Fixtures, vehicles and lines. <c>FixtureReady</c> — <c>fixtureLoop</c>, <c>family</c>; <c>FixtureChangeStarted</c> — these and <c>toFamily</c>;
/// <c>TransportStarted</c> — <c>equipment</c> (where the work is), <c>job</c>, <c>vehicle</c>, <c>arrives</c>; <c>VehicleArrived</c> —
/// <c>vehicle</c>; <c>UtilityWorked</c>, <c>LineStopped</c>, <c>LineResumed</c> — <c>equipment</c> (the station) and <c>job</c>. A vehicle is
/// named <c>fleet/number</c>, counted from 1; the only one of a fleet also by the fleet alone.
/// </content>
public sealed partial class ObservationTranslator
{
    private static bool IsFlow(PlantEventKind kind) => kind is PlantEventKind.FixtureChangeStarted or PlantEventKind.FixtureReady or PlantEventKind.TransportStarted
        or PlantEventKind.VehicleArrived or PlantEventKind.UtilityWorked or PlantEventKind.LineStopped or PlantEventKind.LineResumed;

    private bool TryFlowArgument(Observation observation, PlantEventKind kind, int equipment, out int argument, ref string problem)
    {
        switch (kind)
        {
            case PlantEventKind.FixtureReady or PlantEventKind.FixtureChangeStarted:
                return TryPool(observation, kind, observation.Family, "family", out argument, ref problem);
            case PlantEventKind.TransportStarted or PlantEventKind.VehicleArrived:
                argument = Vehicle(observation.Vehicle ?? "");
                problem = observation.Vehicle is null ? $"{kind} needs \"vehicle\" as fleet/number" : $"vehicle '{observation.Vehicle}' does not exist. Maybe it is fleet/number, counted from 1";
                return argument >= 0;
            default:
                argument = PacedLineOf(equipment);
                problem = $"equipment '{observation.Equipment}' is not a station of a line that moves at its takt";
                return argument >= 0;
        }
    }

    private bool TryFlowValue(Observation observation, PlantEventKind kind, Simulation.SimTime time, out double value, ref string problem)
    {
        value = observation.Value ?? 0;
        switch (kind)
        {
            case PlantEventKind.FixtureChangeStarted:
                var found = TryPool(observation, kind, observation.ToFamily, "toFamily", out var pool, ref problem);
                value = pool;
                return found;
            case PlantEventKind.TransportStarted:
                var arrives = time;
                var readable = observation.Arrives.IsMissing || observation.Arrives.TryResolve(_plant.Scenario.Clock, out arrives, out problem);
                value = arrives.Milliseconds;
                return readable;
            default:
                problem = $"value {value:R} is out of range";
                return double.IsFinite(value) && value is >= 0 and < 1e15;
        }
    }

    private Observation WriteFlow(Observation observation, in PlantEvent e) => e.Kind switch
    {
        PlantEventKind.FixtureReady => OfPool(observation, e.Arg),
        PlantEventKind.FixtureChangeStarted => OfPool(observation, e.Arg) with { ToFamily = OfPool(observation, (int)e.Value).Family },
        PlantEventKind.TransportStarted => observation with { Vehicle = VehicleName(e.Arg), Arrives = PlantMoment.At(new Simulation.SimTime((long)e.Value)) },
        PlantEventKind.VehicleArrived => observation with { Vehicle = VehicleName(e.Arg) },
        _ => e.Value == 0 ? observation : observation with { Value = e.Value },
    };

    private bool TryPool(Observation observation, PlantEventKind kind, string? familyId, string field, out int pool, ref string problem)
    {
        var loops = _plant.Plant.FixtureLoops;
        var loop = -1;
        for (var l = 0; l < loops.Length; l++)
        {
            loop = loops[l].Id == observation.FixtureLoop ? l : loop;
        }

        var family = familyId is null ? -1 : names.Family(familyId);
        pool = loop >= 0 && family >= 0 ? loop * _plant.Plant.Families.Length + family : -1;
        problem = observation.FixtureLoop is null ? $"{kind} needs \"fixtureLoop\""
            : loop < 0 ? $"fixture loop '{observation.FixtureLoop}' is not in the scenario"
            : familyId is null ? $"{kind} needs \"{field}\"" : $"family '{familyId}' is not in the scenario";
        return pool >= 0;
    }

    private Observation OfPool(Observation observation, int pool)
    {
        var families = _plant.Plant.Families;
        return observation with { FixtureLoop = _plant.Plant.FixtureLoops[pool / families.Length].Id, Family = families[pool % families.Length].Id };
    }

    private int Vehicle(string name)
    {
        var first = 0;
        foreach (var fleet in _plant.Plant.Fleets)
        {
            if (name == fleet.Id && fleet.Count == 1)
            {
                return first;
            }

            if (name.Length > fleet.Id.Length + 1 && name[fleet.Id.Length] == '/' && name.StartsWith(fleet.Id, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(fleet.Id.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= fleet.Count)
            {
                return first + number - 1;
            }

            first += fleet.Count;
        }

        return -1;
    }

    private string VehicleName(int vehicle)
    {
        foreach (var fleet in _plant.Plant.Fleets)
        {
            if (vehicle < fleet.Count)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{fleet.Id}/{vehicle + 1}");
            }

            vehicle -= fleet.Count;
        }

        return "";
    }

    private int PacedLineOf(int equipment)
    {
        for (var l = 0; l < _plant.Plant.Lines.Length; l++)
        {
            if (_plant.Plant.Lines[l].Overload != LineOverload.Drift && _plant.Plant.Lines[l].Stations.Contains(_plant.Plant.Equipment[equipment].Class))
            {
                return l;
            }
        }

        return -1;
    }
}
