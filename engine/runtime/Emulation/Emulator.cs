using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Emulation;

/// <summary>What an emulator is doing.</summary>
public enum EmulatorStatus
{
    /// <summary>Not begun, or stopped.</summary>
    Stopped,
    Running,
    Paused,

    /// <summary>The twin cannot be reached; the plant stands still until it can.</summary>
    Waiting,

    /// <summary>All orders are made.</summary>
    Finished,
}

/// <summary>Runs an emulated plant against the wall clock and reports to a twin through its door, like a real plant would.</summary>
/// <remarks>
/// It follows the schedule in force and takes up new orders, both fetched through the door. When it begins beside a twin that remembers
/// something already, it goes on from there: it folds what the twin remembers. One caller drives it; <see cref="Speed"/> and
/// <see cref="Paused"/> may be set from anywhere.
/// </remarks>
public sealed class Emulator(CompiledScenario plant, IObservationDoor door, EmulatorOptions? options = null)
{
    private const int DeliveryLimit = 5000;

    private readonly EmulatorOptions _options = options ?? new EmulatorOptions();
    private EmulatedPlant? _plant;
    private List<Observation> _pending = [];
    private int _run;
    private int _scheduleVersion;
    private SimTime _now;
    private bool _mayStartOver;
    private double _speed = (options ?? new EmulatorOptions()).Speed;

    /// <summary>Plant seconds per wall-clock second, > 0.</summary>
    public double Speed
    {
        get => Volatile.Read(ref _speed);
        set => Volatile.Write(ref _speed, double.IsFinite(value) && value > 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "speed must be > 0"));
    }

    /// <summary>Whether the plant stands still.</summary>
    public bool Paused { get; set; }

    public EmulatorStatus Status { get; private set; }

    /// <summary>Observations delivered and accepted.</summary>
    public long Delivered { get; private set; }

    /// <summary>Observations that the twin refused: the twin no longer mirrors the plant exactly.</summary>
    public long Refused { get; private set; }

    /// <summary>The latest trouble with the twin, or <c>null</c>.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The emulated plant itself, for tests that compare it with the twin; <c>null</c> before <see cref="BeginAsync"/>.</summary>
    public PlantState? State => _plant?.State;

    /// <summary>Runs until cancelled, or until the work of a twin that may not start over is finished.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await PersistAsync(() => BeginAsync(cancellation), cancellation);
            var last = _options.Time.GetTimestamp();
            while (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(_options.Tick, _options.Time, cancellation);
                var elapsed = Duration.FromMilliseconds(Math.Min(_options.Time.GetElapsedTime(last).TotalMilliseconds, 2000));
                last = _options.Time.GetTimestamp();
                Status = Paused ? EmulatorStatus.Paused : EmulatorStatus.Running;
                var until = Paused ? _now : _now + elapsed * Speed;
                await PersistAsync(() => AdvanceAsync(until, cancellation), cancellation);
                if (_plant!.IsAtRest && !await EndAsync(cancellation))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Status = EmulatorStatus.Stopped;
        }
    }

    /// <summary>Takes up the plant where the twin stands: its orders, its schedule, and everything it remembers.</summary>
    /// <exception cref="InvalidOperationException">The twin knows no such plant, or an older form of it.</exception>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var head = await door.HeadAsync(cancellation);
        var grown = plant;
        if (head.Orders > plant.Jobs.OrderCount)
        {
            grown = plant.WithOrders(Read(await door.OrdersAsync(plant.Jobs.OrderCount, cancellation), plant));
        }

        var state = await RememberAsync(grown, cancellation);
        (_run, _mayStartOver, _scheduleVersion) = (head.Run, head.MayStartOver, 0);
        _now = new SimTime(head.NowMs);
        var seed = _options.Seed ?? RandomSource.Key("emulated plant", plant.Scenario.Seed);
        var prefix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"emulator-{_options.Time.GetUtcNow().ToUnixTimeMilliseconds()}-{_run}-");
        _plant = new EmulatedPlant(grown, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, _run), state, prefix);
        _pending = [];
        await FollowAsync(head.ScheduleVersion, cancellation);
    }

    /// <summary>Lets the plant live until a moment and delivers what happened.</summary>
    /// <remarks>After a failure call it again: what could not be delivered is delivered first, under the same ids.</remarks>
    public async Task AdvanceAsync(SimTime until, CancellationToken cancellation)
    {
        var alive = _plant ?? throw new InvalidOperationException("begin first");
        if (_pending.Count == 0)
        {
            alive.RunUntil(until);
            _now = SimTime.Max(_now, until);
            _pending = alive.TakeUntold();
            _pending.Add(new Observation { Kind = Observation.ClockKind, Time = PlantMoment.At(_now) });
        }

        var receipt = await DeliverAsync(cancellation);
        if (receipt.Run != _run)
        {
            await BeginAsync(cancellation);
            return;
        }

        if (receipt.Orders > alive.Plant.Jobs.OrderCount)
        {
            alive.Add(Read(await door.OrdersAsync(alive.Plant.Jobs.OrderCount, cancellation), alive.Plant));
        }

        await FollowAsync(receipt.ScheduleVersion, cancellation);
    }

    /// <summary>Delivers what is pending in parts; what has been delivered is not delivered again when a later part fails.</summary>
    private async Task<IngestReceipt> DeliverAsync(CancellationToken cancellation)
    {
        IngestReceipt receipt;
        do
        {
            var part = _pending[..Math.Min(DeliveryLimit, _pending.Count)];
            receipt = await door.DeliverAsync(part, _run, cancellation);
            _pending.RemoveRange(0, part.Count);
            Delivered += receipt.Accepted;
            Refused += receipt.Refused.Count;
            Trouble = receipt.Refused.Count > 0 ? $"{receipt.Refused[0].Id}: {receipt.Refused[0].Reason}" : null;
        }
        while (_pending.Count > 0 && receipt.Run == _run);

        return receipt;
    }

    /// <summary>Folds what the twin remembers; <c>null</c> when that is nothing.</summary>
    private async Task<PlantState?> RememberAsync(CompiledScenario grown, CancellationToken cancellation)
    {
        var translator = new ObservationTranslator(new PlantNames(grown));
        var state = new PlantState(grown);
        for (var from = 0L; from >= 0;)
        {
            var page = await door.EventsAsync(from, cancellation);
            foreach (var observation in page.Events)
            {
                if (translator.TryRead(observation, out var e, out _) && state.Permits(e)) // commands are not the plant's: left out
                {
                    state.Apply(e);
                }
            }

            from = page.Next;
        }

        return state.Version == 0 ? null : state;
    }

    private async Task FollowAsync(int version, CancellationToken cancellation)
    {
        if (version == _scheduleVersion)
        {
            return;
        }

        var document = await door.ScheduleAsync(cancellation);
        var problems = new List<string>();
        var schedule = document.Read(new PlantNames(_plant!.Plant), problems);
        Trouble = problems.Count > 0 ? $"the schedule in force cannot be followed: {problems[0]}" : Trouble;
        _scheduleVersion = document.Version;
        _plant.Follow(new DispatchPolicy
        {
            Rule = plant.Scenario.Dispatch,
            Schedule = document.Version > 0 && problems.Count == 0 ? schedule : null,
        });
    }

    /// <summary>The work is finished: a demo rests and begins again, anything else ends.</summary>
    private async Task<bool> EndAsync(CancellationToken cancellation)
    {
        if (!_mayStartOver)
        {
            Status = EmulatorStatus.Finished;
            return false;
        }

        Status = EmulatorStatus.Finished;
        var reason = _plant!.IsComplete
            ? $"Run {_run + 1}: the order book of run {_run} was finished, and the demo began again."
            : $"Run {_run + 1}: nothing more could happen in run {_run}, and the demo began again.";
        await Task.Delay(_options.RestAfterEnd, _options.Time, cancellation);
        await PersistAsync(
            async () =>
            {
                await door.StartOverAsync(reason, cancellation);
                await BeginAsync(cancellation);
            },
            cancellation);
        return true;
    }

    /// <summary>Tries until the twin can be reached; meanwhile the plant stands still.</summary>
    private async Task PersistAsync(Func<Task> attempt, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (DoorClosedException e)
            {
                Status = EmulatorStatus.Waiting;
                Trouble = e.Message;
                await Task.Delay(_options.Retry, _options.Time, cancellation);
            }
        }
    }

    private static List<Order> Read(IReadOnlyList<OrderDocument> documents, CompiledScenario plant)
    {
        var names = new PlantNames(plant);
        return [.. documents.Select(d => d.Read(names, SimTime.Zero, out var problem)
            ?? throw new InvalidOperationException($"order '{d.Id}' of the twin does not fit this scenario: {problem}. Maybe the twin runs another version of it"))];
    }
}
