using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation;

/// <summary>A waiting line with one server on the bare calendar: time, randomness, calendar and statistics together against theory.</summary>
public sealed class QueueTests
{
    private const int Customers = 200_000;
    private static readonly Duration Arrival = Duration.FromMinutes(10);
    private static readonly Duration Service = Duration.FromMinutes(7);

    private enum Happening : byte { Arrives, Leaves }

    [Fact]
    public void Exponential_service_gives_the_mean_number_and_wait_of_M_M_1()
    {
        const double load = 0.7;
        var (waits, inSystem, end) = Run(Distribution.Exponential(Service.Minutes), seed: 5);

        AssertWithin(waits.ConfidenceInterval(0.999), load * 7 / (1 - load)); // minutes in the queue
        Assert.InRange(inSystem.Mean(end), 0.95 * load / (1 - load), 1.05 * load / (1 - load));
        Assert.InRange(waits.Lag1Correlation(), -0.5, 0.5);
    }

    [Fact]
    public void Any_service_time_gives_the_wait_of_Pollaczek_and_Khinchine()
    {
        const double load = 0.7;
        Distribution[] services =
            [Distribution.Constant(7), Distribution.Gamma(2, 3.5), Distribution.Weibull(2, 7 / (Math.Sqrt(Math.PI) / 2)), Distribution.Triangular(2, 6, 13)];
        foreach (var service in services)
        {
            var square = service.Variance + service.Mean * service.Mean;
            var (waits, _, _) = Run(service, seed: 11);
            AssertWithin(waits.ConfidenceInterval(0.999), square / 10 / (2 * (1 - load)));
        }
    }

    [Fact]
    public void A_forked_waiting_line_goes_on_exactly_as_the_original()
    {
        var original = new Line(Distribution.Exponential(7), new RandomSource(3, 0));
        original.Run(500);
        var fork = original.Fork();
        original.Run(2000);
        fork.Run(2000);
        Assert.Equal(original.Waits.Mean, fork.Waits.Mean - 0.0);
        Assert.Equal(original.Now, fork.Now);
    }

    private static (BatchMeans Waits, TimeWeighted InSystem, SimTime End) Run(Distribution service, ulong seed)
    {
        var line = new Line(service, new RandomSource(seed, 0));
        line.Run(Customers);
        return (line.Waits, line.InSystem, line.Now);
    }

    private static void AssertWithin(ConfidenceInterval interval, double theory)
    {
        Assert.True(interval.Contains(theory), $"{interval} misses {theory}");
        Assert.True(interval.RelativeHalfWidth < 0.15, $"{interval} says too little to test anything");
    }

    private sealed class Line(Distribution service, RandomSource random)
    {
        private static readonly Distribution Gap = Distribution.Exponential(Arrival.Minutes);
        private EventCalendar<Happening> _calendar = new();
        private Queue<SimTime> _waiting = new();
        private bool _busy;
        private long _arrived;
        private long _served;

        public SimTime Now { get; private set; }

        public BatchMeans Waits { get; private set; } = new();

        public TimeWeighted InSystem { get; } = new();

        public void Run(int customers)
        {
            if (_arrived == 0)
                ScheduleArrival();

            while (_served < customers && _calendar.TryPop(out var time, out var what))
            {
                Now = time;
                if (what == Happening.Arrives)
                {
                    _waiting.Enqueue(Now);
                    InSystem.Change(Now, 1);
                    ScheduleArrival();
                }
                else
                {
                    _busy = false;
                    InSystem.Change(Now, -1);
                }

                ServeNext();
            }
        }

        /// <summary>Statistics start anew; they are compared from the same moment on.</summary>
        public Line Fork()
        {
            Waits = new BatchMeans();
            return new Line(service, random)
            {
                _calendar = _calendar.Clone(), _waiting = new Queue<SimTime>(_waiting), _busy = _busy, _arrived = _arrived, _served = _served, Now = Now,
            };
        }

        private void ScheduleArrival() =>
            _calendar.Schedule(Now + Duration.FromMinutes(Gap.Sample(random, 1, _arrived++)), 0, Happening.Arrives);

        private void ServeNext()
        {
            if (_busy || !_waiting.TryDequeue(out var since))
                return;

            _busy = true;
            Waits.Add((Now - since).Minutes);
            _calendar.Schedule(Now + Duration.FromMinutes(service.Sample(random, 2, _served++)), -1, Happening.Leaves);
        }
    }
}
