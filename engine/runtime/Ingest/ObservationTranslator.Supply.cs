using DigitalTwin.Plant.Events;

namespace DigitalTwin.Runtime.Ingest;

/// <content>
/// Materials, lots, crews, quality results and rework. What each needs beside <c>value</c>: <c>MaterialRequested</c>, <c>MaterialAllocated</c> —
/// <c>job</c>; <c>MaterialShort</c> — <c>job</c>, <c>material</c>; <c>MaterialConsumed</c> — <c>job</c>, <c>lot</c> (or <c>material</c> where it is
/// not tracked); <c>SupplyOrdered</c> — <c>material</c>, <c>supplier</c>; <c>SupplyExpected</c>, <c>SupplyReceived</c> — <c>material</c> or
/// <c>delivery</c>; <c>LotHeld</c>, <c>LotReleased</c>, <c>LotScrapped</c>, <c>LotCounted</c> — <c>lot</c> (counted: or <c>material</c>);
/// <c>CrewShiftChanged</c> (heads on duty), <c>CrewAbsent</c> (heads missing), <c>CrewAssigned</c>, <c>RepairStarted</c> — <c>crew</c>;
/// <c>CrewRequested</c> — <c>reason</c>, a name of <c>CrewTask</c>; <c>SideJob…</c> — <c>sideJob</c>; <c>MakeUpReleased</c> — <c>job</c>, one of
/// the lot. <c>BatchRework</c> is mended by child jobs where the routing says so, or with the reason <c>Repeat</c> done again itself;
/// <c>Scrapped</c> with the reason <c>MadeAgain</c> is made again in the same step.
/// </content>
public sealed partial class ObservationTranslator
{
    /// <summary>Argument of an event that only the state as it stands can name: which delivery, which lot.</summary>
    internal const int FromState = int.MinValue;

    private const string Repeat = "Repeat";
    private const string MadeAgain = "MadeAgain";

    internal static bool IsAbsence(Observation observation) => observation.Kind.Equals(Observation.AbsenceKind, StringComparison.OrdinalIgnoreCase);

    private static bool IsSupply(PlantEventKind kind) => NeedsNoEquipment(kind)
        || kind is PlantEventKind.CrewRequested or PlantEventKind.CrewAssigned or PlantEventKind.RepairStarted or PlantEventKind.BatchRework or PlantEventKind.Scrapped;

    private static bool NeedsNoEquipment(PlantEventKind kind) => kind
        is PlantEventKind.MaterialRequested or PlantEventKind.MaterialShort or PlantEventKind.MaterialAllocated or PlantEventKind.MaterialConsumed
        or PlantEventKind.SupplyOrdered or PlantEventKind.SupplyExpected or PlantEventKind.SupplyReceived
        or PlantEventKind.LotHeld or PlantEventKind.LotReleased or PlantEventKind.LotScrapped or PlantEventKind.LotProduced or PlantEventKind.LotCounted
        or PlantEventKind.CrewShiftChanged or PlantEventKind.SideJobStarted or PlantEventKind.SideJobInterrupted or PlantEventKind.SideJobEnded
        or PlantEventKind.MakeUpReleased;

    /// <summary>The kind of event that an observation is; <c>None</c> for one that does not exist.</summary>
    private static bool TryKind(Observation observation, out PlantEventKind kind, out string problem)
    {
        problem = "";
        if (IsAbsence(observation))
        {
            kind = PlantEventKind.CrewShiftChanged;
        }
        else if (observation.Kind.Equals(Observation.QualityKind, StringComparison.OrdinalIgnoreCase))
        {
            var ofLot = observation.Lot is { Length: > 0 };
            kind = observation.Verdict?.ToUpperInvariant() switch
            {
                "PASSED" => ofLot ? PlantEventKind.LotReleased : PlantEventKind.BatchEnded,
                "HOLD" when ofLot => PlantEventKind.LotHeld,
                "SCRAP" when ofLot => PlantEventKind.LotScrapped,
                "ADDITION" when !ofLot => PlantEventKind.AdditionStarted,
                "REDYE" when !ofLot => PlantEventKind.BatchRework,
                _ => PlantEventKind.None,
            };
            problem = $"verdict '{observation.Verdict}' is unknown. Maybe one of {(ofLot ? "passed, hold, scrap" : "passed, addition, redye")}";
            return kind != PlantEventKind.None;
        }
        else
        {
            kind = Kinds.GetValueOrDefault(observation.Kind);
        }

        return true;
    }

    private bool TrySupplyArgument(Observation observation, PlantEventKind kind, int job, out int argument, ref string problem)
    {
        argument = -1;
        switch (kind)
        {
            case PlantEventKind.MaterialShort:
                return TryMaterial(observation, kind, out argument, ref problem);
            case PlantEventKind.SupplyOrdered:
                var supplier = observation.Supplier;
                argument = TryMaterial(observation, kind, out var material, ref problem) ? names.Source(material, supplier) : -2;
                problem = argument == -1 ? $"nobody named '{supplier}' delivers '{observation.Material}'. Maybe add it to sources.csv" : problem;
                return argument >= 0;
            case PlantEventKind.SupplyExpected or PlantEventKind.SupplyReceived:
                argument = observation.Delivery ?? FromState;
                return observation.Delivery is not null || TryMaterial(observation, kind, out _, ref problem);
            case PlantEventKind.LotHeld or PlantEventKind.LotReleased or PlantEventKind.LotScrapped or PlantEventKind.LotCounted or PlantEventKind.MaterialConsumed:
                return TryLot(observation, kind, out argument, ref problem);
            case PlantEventKind.CrewShiftChanged or PlantEventKind.CrewAssigned:
                argument = names.Crew(observation.Crew ?? "");
                problem = observation.Crew is null ? $"{observation.Kind} needs \"crew\"" : $"crew '{observation.Crew}' is not in the scenario";
                return argument >= 0;
            case PlantEventKind.RepairStarted:
                argument = observation.Crew is { } repairers ? names.Crew(repairers) : -1;
                problem = $"crew '{observation.Crew}' is not in the scenario";
                return argument >= 0 || observation.Crew is null;
            case PlantEventKind.CrewRequested:
                problem = $"reason '{observation.Reason}' is unknown. Maybe one of {string.Join(", ", Enum.GetNames<CrewTask>())}";
                var known = Enum.TryParse(observation.Reason ?? nameof(CrewTask.None), ignoreCase: true, out CrewTask task) && Enum.IsDefined(task);
                argument = (int)task;
                return known;
            case PlantEventKind.SideJobStarted or PlantEventKind.SideJobInterrupted or PlantEventKind.SideJobEnded:
                argument = observation.SideJob ?? -1;
                problem = $"{kind} needs \"sideJob\", a number from 0";
                return argument >= 0;
            case PlantEventKind.MakeUpReleased:
                argument = _plant.Jobs.JobLot[job];
                return true;
            case PlantEventKind.BatchRework:
                argument = _plant.ReworkBy(job).Length > 0 && !Repeat.Equals(observation.Reason, StringComparison.OrdinalIgnoreCase) ? PlantState.AsChildJobs : -1;
                return true;
            case PlantEventKind.Scrapped:
                argument = MadeAgain.Equals(observation.Reason, StringComparison.OrdinalIgnoreCase) ? PlantState.MadeAgain : -1;
                return true;
            default:
                return true;
        }
    }

    private bool TryMaterial(Observation observation, PlantEventKind kind, out int material, ref string problem)
    {
        material = observation.Material is { Length: > 0 } id ? names.Material(id) : -1;
        problem = observation.Material is { Length: > 0 } ? $"material '{observation.Material}' is not in the scenario" : $"{kind} needs \"material\"";
        return material >= 0;
    }

    private bool TryLot(Observation observation, PlantEventKind kind, out int lot, ref string problem)
    {
        lot = FromState;
        if (observation.Lot is { Length: > 0 } name)
        {
            if (name[0] == '#' && int.TryParse(name.AsSpan(1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                lot = number;
            }

            return true;
        }

        if (kind is PlantEventKind.MaterialConsumed or PlantEventKind.LotCounted && observation.Material is { Length: > 0 })
        {
            var found = TryMaterial(observation, kind, out lot, ref problem);
            if (found && _plant.Plant.Materials[lot].Tracked)
            {
                problem = $"{kind} needs \"lot\": the lots of '{observation.Material}' are tracked";
                return false;
            }

            return found; // the stock of a material that is not tracked is the lot of its number
        }

        problem = $"{kind} needs \"lot\"";
        return false;
    }

    private Observation WriteSupply(Observation observation, in PlantEvent e)
    {
        observation = e.Value == 0 && e.Kind is not (PlantEventKind.CrewShiftChanged or PlantEventKind.SupplyReceived or PlantEventKind.LotProduced) ? observation : observation with { Value = e.Value };
        return e.Kind switch
        {
            PlantEventKind.MaterialShort => observation with { Material = _plant.Plant.Materials[e.Arg].Id },
            PlantEventKind.SupplyOrdered => observation with { Material = _plant.Plant.Materials[_plant.Plant.Sources[e.Arg].Material].Id, Supplier = _plant.Plant.Sources[e.Arg].Supplier },
            PlantEventKind.SupplyExpected or PlantEventKind.SupplyReceived => observation with { Delivery = e.Arg },
            PlantEventKind.LotHeld or PlantEventKind.LotReleased or PlantEventKind.LotScrapped or PlantEventKind.LotCounted or PlantEventKind.MaterialConsumed =>
                observation with { Lot = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{e.Arg}") },
            PlantEventKind.CrewShiftChanged or PlantEventKind.CrewAssigned or PlantEventKind.RepairStarted when e.Arg >= 0 => observation with { Crew = _plant.Plant.Auxiliaries[e.Arg].Id },
            PlantEventKind.CrewRequested => observation with { Reason = ((CrewTask)e.Arg).ToString() },
            PlantEventKind.SideJobStarted or PlantEventKind.SideJobInterrupted or PlantEventKind.SideJobEnded => observation with { SideJob = e.Arg },
            PlantEventKind.MakeUpReleased => observation with { Job = _plant.JobName(_plant.Jobs.LotFirstJob[e.Arg]) },
            PlantEventKind.BatchRework when e.Arg != PlantState.AsChildJobs && _plant.ReworkBy(e.Job).Length > 0 => observation with { Reason = Repeat },
            PlantEventKind.Scrapped when e.Arg == PlantState.MadeAgain => observation with { Reason = MadeAgain },
            _ => observation,
        };
    }
}
