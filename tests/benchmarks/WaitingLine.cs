using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>M/M/1 on the kernel: calendar, addressed draws and a time-weighted mean, nothing that a modeller would not write.</summary>
internal sealed class WaitingLine
{
    private const double MeanGap = 10_000;
    private const double MeanService = 7_000;

    private readonly EventCalendar<Happening> _calendar = new();
    private readonly Distribution _gap = Distribution.Exponential(MeanGap);
    private readonly Distribution _service = Distribution.Exponential(MeanService);
    private readonly RandomStream _arrivals = new RandomSource(1, 0).Stream(1);
    private readonly RandomStream _services = new RandomSource(1, 0).Stream(2);
    private long _arrived;
    private long _served;
    private long _inSystem;
    private long _since;
    private long _area;

    public WaitingLine() => Arrive(0);

    private enum Happening : byte { Arrives, Leaves }

    /// <summary>Mean number in the system so far; theory says 7/3.</summary>
    public double MeanInSystem => _area / (double)_since;

    /// <summary>Lets so many events happen.</summary>
    public long Run(int events)
    {
        for (var i = 0; i < events; i++)
        {
            _calendar.TryPop(out var time, out var what);
            var now = time.Milliseconds;
            _area += _inSystem * (now - _since);
            _since = now;
            if (what == Happening.Arrives)
            {
                Arrive(now);
                if (_inSystem++ == 0)
                    Serve(now);
            }
            else if (--_inSystem > 0)
            {
                Serve(now);
            }
        }

        return _since;
    }

    private void Arrive(long now) =>
        _calendar.Schedule(new SimTime(now + (long)_gap.Sample(_arrivals, _arrived++)), 0, Happening.Arrives);

    private void Serve(long now) =>
        _calendar.Schedule(new SimTime(now + (long)_service.Sample(_services, _served++)), 0, Happening.Leaves);
}
