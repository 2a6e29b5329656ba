using DigitalTwin.Plant.Events;

namespace DigitalTwin.Runtime.Ingest;

/// <content>
/// Bookings of offered hours, all with <c>equipment</c>. One of reservations.csv is named by <c>reservation</c>, one that a job made for itself by
/// <c>job</c> alone. <c>ReservationOffered</c> — <c>value</c>, ms; <c>ReservationHeld</c> — <c>begins</c>; <c>ReservationUsed</c> and
/// <c>ReservationRecalled</c> — <c>job</c> too: the one that begins, or the owner's that takes the hours. A job's own booking that an owner
/// takes back is named by both: <c>job</c> is the owner's, <c>reservation</c> the job that had booked.
/// </content>
public sealed partial class ObservationTranslator
{
    private static bool IsMarket(PlantEventKind kind) => kind is >= PlantEventKind.ReservationOffered and <= PlantEventKind.ReservationReleased;

    private bool TryMarketArgument(Observation observation, PlantEventKind kind, int job, out int place, ref string problem)
    {
        var capacity = _plant.Capacity;
        place = -1;
        if (observation.Reservation is { Length: > 0 } name)
        {
            place = names.Reservation(name) is var row and >= 0 ? row : names.Job(name) is var owner and >= 0 ? PlaceOf(owner) : -1;
            problem = $"reservation '{name}' is neither in reservations.csv nor a job that books by itself, as order/lot/operation";
            return place >= 0 && place < capacity.Places;
        }

        if (kind == PlantEventKind.ReservationRecalled)
        {
            problem = "ReservationRecalled needs \"reservation\": its id, or the job that had booked";
            return false;
        }

        place = job >= 0 ? PlaceOf(job) : -1;
        problem = job < 0 ? $"{kind} needs \"reservation\", its id in reservations.csv, or the \"job\" that booked for itself"
            : "in this scenario jobs book nothing by themselves (market: booking)";
        return place >= 0;
    }

    private int PlaceOf(int job) => _plant.Capacity.Books ? _plant.Capacity.PlaceOf(job) : -1;

    private bool TryMarketValue(Observation observation, PlantEventKind kind, out double value, ref string problem)
    {
        value = observation.Value ?? 0;
        switch (kind)
        {
            case PlantEventKind.ReservationOffered:
                problem = "ReservationOffered needs \"value\", the length of the hours in ms";
                return value is > 0 and < 1e15;
            case PlantEventKind.ReservationHeld:
                problem = "ReservationHeld needs \"begins\", the first booked moment";
                if (observation.Begins.IsMissing || !observation.Begins.TryResolve(_plant.Scenario.Clock, out var begins, out problem))
                {
                    return false;
                }

                value = begins.Milliseconds;
                return true;
            default:
                problem = $"value {value:R} is out of range";
                return double.IsFinite(value) && value is >= 0 and < 1e15;
        }
    }

    private Observation WriteMarket(Observation observation, in PlantEvent e)
    {
        var rows = _plant.Capacity.Rows;
        var named = e.Arg < rows ? observation with { Reservation = _plant.Scenario.Reservations[e.Arg].Id }
            : e.Job == e.Arg - rows ? observation
            : observation with { Reservation = _plant.JobName(e.Arg - rows) };
        return e.Kind switch
        {
            PlantEventKind.ReservationOffered => named with { Value = e.Value },
            PlantEventKind.ReservationHeld => named with { Begins = PlantMoment.At(new Simulation.SimTime((long)e.Value)) },
            PlantEventKind.ReservationRecalled when e.Arg >= rows => named with { Reservation = _plant.JobName(e.Arg - rows) },
            _ => named,
        };
    }
}
