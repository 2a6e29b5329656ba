using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.History;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <content>What may be asked of the writer. Each call returns when its effect is on disk.</content>
public sealed partial class TwinSession
{
    /// <summary>Schedule in force and its version.</summary>
    public ScheduleInForce ScheduleInForce => View().Schedule;

    /// <summary>Takes observations in. Waits while the queue is full: the sender feels the back-pressure.</summary>
    /// <param name="unreadable">What the door could not read as observations; kept and marked with the rest.</param>
    /// <param name="forRun">The run they belong to; when the session has started over since, nothing is taken and the receipt names the
    /// present run. <c>null</c> for whichever.</param>
    /// <exception cref="JournalUnavailableException">Nothing was taken; send it again later.</exception>
    public async Task<IngestReceipt> IngestAsync(
        IReadOnlyList<Observation> observations, IReadOnlyList<MarkedObservation>? unreadable = null, int? forRun = null,
        CancellationToken cancellation = default)
    {
        var total = new IngestReceipt();
        for (var from = 0; from == 0 || from < observations.Count; from += _options.DeliveryLimit)
        {
            var count = Math.Min(_options.DeliveryLimit, observations.Count - from);
            var received = _options.Time.GetUtcNow();
            var fold = _fold;
            var delivery = Delivery.Of(observations.Skip(from).Take(count), count, fold.Translator, fold.Names, received);
            if (from == 0 && unreadable is not null)
            {
                delivery.AddUnreadable(unreadable);
            }

            var receipt = await EnqueueAsync(step => Take(delivery, step, received, forRun), delivery.Weight, cancellation);
            total = receipt with
            {
                Accepted = total.Accepted + receipt.Accepted,
                Duplicates = total.Duplicates + receipt.Duplicates,
                Late = total.Late + receipt.Late,
                Refused = total.Refused.Count == 0 ? receipt.Refused : [.. total.Refused, .. receipt.Refused],
            };
        }

        return total;
    }

    /// <summary>Puts a schedule in force, if the one that the caller saw still is.</summary>
    /// <param name="expectedVersion">Version in force as the caller saw it; 0 for none.</param>
    public Task<ScheduleOutcome> ApplyScheduleAsync(Schedule schedule, int expectedVersion, string user, CancellationToken cancellation = default) =>
        CommandAsync(step => Change(step, schedule, expectedVersion, user), schedule.Batches.Length + 1, cancellation);

    /// <summary>Takes the schedule out of force, if it is the one that the caller saw: the dispatch rule decides again.</summary>
    public Task<ScheduleOutcome> RevokeScheduleAsync(int expectedVersion, string user, CancellationToken cancellation = default) =>
        CommandAsync(step => Change(step, null, expectedVersion, user), 1, cancellation);

    /// <summary>Appends orders to the book: all of them, or none when one is wrong.</summary>
    public Task<OrdersOutcome> AddOrdersAsync(IReadOnlyList<OrderDocument> orders, CancellationToken cancellation = default) =>
        CommandAsync(
            step =>
            {
                var problems = new List<string>();
                var read = ReadOrders(orders, step.Fold, problems);
                if (problems.Count == 0 && read.Length > 0)
                {
                    step.Take(read);
                }

                return new OrdersOutcome(problems.Count == 0 ? read.Length : 0, problems);
            },
            orders.Count + 1,
            cancellation);

    /// <summary>What <see cref="AddOrdersAsync"/> would say, without doing it.</summary>
    public OrdersOutcome TryAddOrders(IReadOnlyList<OrderDocument> orders)
    {
        lock (_gate)
        {
            var problems = new List<string>();
            var read = ReadOrders(orders, _fold, problems);
            return new OrdersOutcome(problems.Count == 0 ? read.Length : 0, problems);
        }
    }

    /// <summary>Pins a job to equipment (a planner must leave it there), or frees it.</summary>
    /// <param name="equipment">Where; −1 for where it is assigned, or nowhere in particular.</param>
    /// <returns>False when the job does not exist.</returns>
    public Task<bool> LockAsync(int job, bool locked, int equipment = -1, CancellationToken cancellation = default) =>
        CommandAsync(
            step =>
            {
                var state = step.Fold.State;
                var place = equipment >= 0 || (uint)job >= (uint)state.Jobs.Length ? equipment : state.Jobs[job].Equipment;
                var e = new PlantEvent(
                    Latest(state), locked ? PlantEventKind.JobLocked : PlantEventKind.JobUnlocked, place, job, Source: EventSource.Commanded);
                var possible = state.Permits(e);
                if (possible)
                {
                    step.Take(e);
                }

                return possible;
            },
            1,
            cancellation);

    /// <summary>What the session remembers, as observations: one page of at least <paramref name="atLeast"/> events, as long as there are.</summary>
    /// <param name="from">0 at first, then <see cref="EventPage.Next"/>.</param>
    public Task<EventPage> EventsAsync(long from, int atLeast = 2000, CancellationToken cancellation = default) =>
        EnqueueAsync(
            step =>
            {
                step.Commit();
                var events = new List<Observation>();
                var row = Math.Max(0, from);
                foreach (var entry in _journal.Read(row))
                {
                    row = entry.Sequence;
                    if (entry.Kind == JournalEntryKind.Events)
                    {
                        events.AddRange(EntryCodec.ReadEvents(entry.Body).Select((x, i) => step.Fold.Translator.Write(
                            x.Event, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row}-{i}"))));
                    }

                    if (events.Count >= atLeast)
                    {
                        return new EventPage(events, row);
                    }
                }

                return new EventPage(events, -1);
            },
            atLeast,
            cancellation);

    /// <summary>Begins again at the epoch with an empty journal (the old one is put aside).</summary>
    /// <param name="reason">For people: becomes <see cref="Note"/>.</param>
    /// <exception cref="InvalidOperationException">The session is not one that may be started over.</exception>
    public Task<int> StartOverAsync(string reason, CancellationToken cancellation = default)
    {
        return _options.MayStartOver
            ? CommandAsync(StartOver, 1, cancellation)
            : throw new InvalidOperationException($"the session '{Id}' mirrors a plant and may not be started over. Maybe serve it with --demo.");

        int StartOver(SessionStep step)
        {
            step.Commit();
            _keeper.Clear();
            _journal.StartOver();
            step.GoOnWith(_fold = new SessionFold(_base, _options.KnownIds) { IsWatched = true });
            _followers.ForEach(f => f.End("the session began again"));
            _followers = [];
            ((SessionHistory)Past).Clear();
            _clock = -1;
            Note = reason;
            _forecast = PlantForecast.None;
            return ++Run;
        }
    }

    private IngestReceipt Take(Delivery delivery, SessionStep step, DateTimeOffset received, int? forRun)
    {
        if (forRun is { } run && run != Run)
        {
            return new IngestReceipt { Run = Run, Version = step.Version, ScheduleVersion = step.Fold.ScheduleVersion, Orders = step.Fold.State.Orders.Length };
        }

        var latest = LatestPossible(step.Fold.State, received);
        if (delivery.Clock <= latest)
        {
            _clock = Math.Max(_clock, delivery.Clock.Milliseconds);
        }

        var receipt = delivery.Run(step, latest, received, Recover) with { Run = Run };
        Hear(delivery, step, received);
        Interlocked.Exchange(ref _lastObserved, received.UtcTicks);
        Interlocked.Add(ref _accepted, receipt.Accepted);
        Interlocked.Add(ref _duplicates, receipt.Duplicates);
        return receipt;
    }

    private ScheduleOutcome Change(SessionStep step, Schedule? schedule, int expectedVersion, string user)
    {
        var fold = step.Fold;
        var problems = new List<string>();
        var conflict = fold.ScheduleVersion != expectedVersion;
        if (conflict)
        {
            problems.Add($"schedule version {expectedVersion} is no longer in force: {(fold.ScheduleVersion == 0 ? "none is" : $"version {fold.ScheduleVersion} by {fold.ScheduleUser} is")}. Maybe look at it and decide again");
        }
        else if (schedule is not null)
        {
            ScheduleFit.Check(fold.State, schedule, fold.Schedule, problems);
        }

        if (problems.Count == 0)
        {
            var version = schedule is null ? fold.ScheduleVersion : fold.LastScheduleVersion + 1;
            step.Take(new ScheduleChange(Latest(fold.State), version, user, schedule));
        }

        return new ScheduleOutcome(problems.Count == 0, fold.InForce, problems) { IsConflict = conflict };
    }

    private ImmutableArray<Order> ReadOrders(IReadOnlyList<OrderDocument> documents, SessionFold fold, List<string> problems)
    {
        var orders = ImmutableArray.CreateBuilder<Order>(documents.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var order = document.Read(fold.Names, Latest(fold.State), out var problem);
            if (order is not null && (fold.Names.Order(order.Id) >= 0 || !seen.Add(order.Id)))
            {
                problem = "an order with this id is in the book already";
            }

            if (problem.Length > 0)
            {
                problems.Add($"order '{document.Id}': {problem}");
            }
            else
            {
                orders.Add(order!);
            }
        }

        return orders.ToImmutable();
    }

    private SimTime Latest(PlantState state) => SimTime.Max(state.Now, new SimTime(_clock));

    private SimTime LatestPossible(PlantState state, DateTimeOffset received)
    {
        var wall = state.Plant.Scenario.Clock.FromWallClock(received);
        return SimTime.Max(Latest(state), wall) + Duration.FromMilliseconds(_options.MaxAhead.TotalMilliseconds);
    }
}
