using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Finds what only the state as it stands can name: the delivery that came, the lot that was looked at, who is left of a shift.</summary>
internal static class NamesInState
{
    /// <summary>Completes an event whose argument or value depends on the state.</summary>
    /// <param name="before">What must have happened before it though nobody said so: an order of what came unannounced; kind <c>None</c> when nothing.</param>
    public static bool TryComplete(PlantState state, PlantNames names, Observation observation, ref PlantEvent e, out PlantEvent before, out string problem)
    {
        before = default;
        problem = "";
        if (ObservationTranslator.IsAbsence(observation))
        {
            var there = state.Plant.Crews.OnDutyAt(e.Arg, e.Time);
            problem = $"{e.Value:R} heads of crew '{observation.Crew}' cannot be absent: {there} are on duty then. Maybe the crew or the time is wrong";
            e = e with { Value = there - e.Value };
            return e.Value >= 0;
        }

        if (e.Arg != ObservationTranslator.FromState)
        {
            return true;
        }

        return e.Kind is PlantEventKind.SupplyExpected or PlantEventKind.SupplyReceived
            ? TryDelivery(state, names, observation, ref e, out before, out problem)
            : TryLot(state, observation, ref e, out problem);
    }

    private static bool TryLot(PlantState state, Observation observation, ref PlantEvent e, out string problem)
    {
        var lot = LotNames.Find(state, observation.Lot!);
        problem = $"there is no lot '{observation.Lot}'. Maybe its receipt was not reported";
        e = e with { Arg = lot };
        return lot >= 0;
    }

    private static bool TryDelivery(PlantState state, PlantNames names, Observation observation, ref PlantEvent e, out PlantEvent before, out string problem)
    {
        before = default;
        var material = names.Material(observation.Material!);
        var (place, due) = (-1, long.MaxValue);
        for (var s = 0; s < state.Supplies.Length; s++)
        {
            ref readonly var supply = ref state.Supplies[s];
            if (supply.Open && supply.Material == material && supply.DueAt < due && Matches(state, supply, observation))
            {
                (place, due) = (s, supply.DueAt);
            }
        }

        problem = $"no delivery of '{observation.Material}'{(observation.Supplier is { } who ? $" from '{who}'" : "")} is under way";
        if (place < 0 && e.Kind == PlantEventKind.SupplyReceived && names.Source(material, observation.Supplier) is >= 0 and var source)
        {
            before = new PlantEvent(e.Time, PlantEventKind.SupplyOrdered, Arg: source, Value: e.Value, Source: EventSource.Inferred);
            place = state.NextSupply;
        }

        e = e with { Arg = place };
        return place >= 0;
    }

    private static bool Matches(PlantState state, in SupplyState supply, Observation observation)
    {
        var scenario = state.Plant.Scenario;
        return (observation.Supplier is not { Length: > 0 } supplier || (supply.Source >= 0 && scenario.Plant.Sources[supply.Source].Supplier == supplier))
            && (observation.Lot is not { Length: > 0 } lot || supply.Receipt < 0 || scenario.Receipts[supply.Receipt].Lot is "" || scenario.Receipts[supply.Receipt].Lot == lot);
    }
}
