using System.Text.Json;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Observations on their way to the writer: translated on the sender's thread, judged and folded on the writer's.</summary>
internal sealed class Delivery
{
    private const int ContentKept = 2000;
    private readonly List<(PlantEvent Event, UInt128 Id, Observation Observation)> _events;
    private readonly List<MarkedObservation> _refused;

    private Delivery(int capacity)
    {
        _events = new(capacity);
        _refused = [];
    }

    /// <summary>Latest time stated by a clock observation, or before the epoch when there is none.</summary>
    public SimTime Clock { get; private set; } = new(-1);

    /// <summary>Equipment that spoke: named by an observation that is not itself about the source.</summary>
    public IEnumerable<int> Named => _events
        .Where(x => x.Event.Equipment >= 0 && x.Event.Kind is not (PlantEventKind.SourceLost or PlantEventKind.SourceRecovered))
        .Select(x => x.Event.Equipment).Distinct();

    public int Weight => _events.Count + _refused.Count + 1;

    /// <summary>Translates names to indices; what cannot be translated is already refused here.</summary>
    public static Delivery Of(IEnumerable<Observation> observations, int count, ObservationTranslator translator, PlantNames names, DateTimeOffset received)
    {
        var delivery = new Delivery(count);
        var position = 0;
        var sorted = true;
        foreach (var observation in observations)
        {
            position++;
            if (ObservationTranslator.IsClock(observation))
            {
                if (observation.Time.TryResolve(names.Plant.Scenario.Clock, out var clock, out var noTime))
                {
                    delivery.Clock = SimTime.Max(delivery.Clock, clock);
                }
                else
                {
                    delivery.Refuse(observation, noTime, received, position);
                }
            }
            else if (translator.TryRead(observation, out var e, out var problem))
            {
                sorted &= delivery._events.Count == 0 || delivery._events[^1].Event.Time <= e.Time;
                delivery._events.Add((e, KnownIds.DigestOf(observation.Id), observation));
            }
            else
            {
                delivery.Refuse(observation, problem, received, position);
            }
        }

        if (!sorted)
        {
            var inOrder = delivery._events.OrderBy(x => x.Event.Time).ToList(); // stable: equal times keep the sender's order
            delivery._events.Clear();
            delivery._events.AddRange(inOrder);
        }

        return delivery;
    }

    /// <summary>Adds what the door could not even read as an observation.</summary>
    public void AddUnreadable(IEnumerable<MarkedObservation> unreadable) => _refused.AddRange(unreadable);

    /// <summary>Judges each observation against the state as it stands and folds what is possible.</summary>
    /// <param name="recover">Gives a sound state back after an event broke half-way; what was taken before it is kept.</param>
    public IngestReceipt Run(SessionStep step, SimTime latestPossible, DateTimeOffset received, Action<SessionStep> recover)
    {
        var (accepted, duplicates, late) = (0, 0, 0);
        foreach (var (told, id, observation) in _events)
        {
            var state = step.Fold.State;
            var e = WithExpectation(state, told);
            if (step.Fold.Ids.Contains(id))
            {
                duplicates++;
            }
            else if (!NamesInState.TryComplete(state, step.Fold.Names, observation, ref e, out var before, out var unknown))
            {
                Refuse(observation, unknown, received, 0);
            }
            else if (Impossible(state, before.Kind == PlantEventKind.None ? e : before, latestPossible) is { } reason)
            {
                Refuse(observation, reason, received, 0);
            }
            else
            {
                var isLate = e.Time < state.Now;
                try
                {
                    if (before.Kind != PlantEventKind.None)
                    {
                        step.Take(before);
                    }

                    step.Take(e, id);
                    accepted++;
                    late += isLate ? 1 : 0;
                }
                catch (Exception broken) when (broken is not JournalUnavailableException)
                {
                    recover(step);
                    Refuse(observation, $"the twin could not take it up: {broken.Message}", received, 0);
                }
            }
        }

        foreach (var marked in _refused)
        {
            step.Take(marked);
        }

        return new IngestReceipt
        {
            Accepted = accepted,
            Duplicates = duplicates,
            Late = late,
            Refused = [.. _refused.Select(r => new RefusedObservation(r.Id, r.Reason))],
            Version = step.Version,
            ScheduleVersion = step.Fold.ScheduleVersion,
            Orders = step.Fold.State.Orders.Length,
        };
    }

    /// <summary>A plant rarely says how long a batch should take: the model's mean for its load does.</summary>
    private static PlantEvent WithExpectation(PlantState state, in PlantEvent e) =>
        e.Kind != PlantEventKind.BatchStarted || e.Value != ObservationTranslator.UnknownTime ? e
        : e with { Value = state.Permits(e) ? state.Plant.MeanProcessingTime(e.Job, e.Equipment, state.Jobs[e.Job].Load).Milliseconds : 0 };

    private static string? Impossible(PlantState state, in PlantEvent e, SimTime latestPossible) =>
        e.Time < SimTime.Zero ? $"its time {e.Time} is before the plant's epoch. Maybe the sender's clock or time zone is wrong"
        : e.Time > latestPossible ? $"its time {e.Time} is too far in the future. Maybe the sender's clock is wrong"
        : state.Permits(e) ? null
        : $"{e.Kind} is not possible here: {state.Explain(e)}. Maybe an observation before it is missing";

    private void Refuse(Observation observation, string reason, DateTimeOffset received, int position)
    {
        var content = JsonSerializer.Serialize(observation, RuntimeJson.Default.Observation);
        _refused.Add(new MarkedObservation(
            received,
            observation.Id.Length > 0 ? observation.Id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{position}"),
            reason,
            content.Length > ContentKept ? content[..ContentKept] : content));
    }
}

/// <summary>The journal cannot be written now: nothing was acknowledged, and the sender may try again.</summary>
public sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException()
    {
    }

    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    public JournalUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
