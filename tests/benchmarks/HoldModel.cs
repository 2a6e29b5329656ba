using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>The hold model: N events wait; again and again the first is taken and put back some time later. The classic test of event lists.</summary>
internal static class HoldModel
{
    private static readonly Distribution Gaps = Distribution.Exponential(3_600_000);

    /// <summary>As large as what a plant simulation schedules: what happens, to whom.</summary>
    public readonly record struct Payload(int Kind, int Subject);

    /// <summary>On our calendar: total order, cancellable handles.</summary>
    public sealed class OnCalendar : IHold
    {
        private readonly EventCalendar<Payload> _calendar = new();
        private ulong _luck = 1;

        public OnCalendar(int waiting)
        {
            for (var i = 0; i < waiting; i++)
                _calendar.Schedule(new SimTime(Gap(ref _luck)), 0, new Payload(i & 7, i));
        }

        public long Hold(int times)
        {
            var sum = 0L;
            for (var i = 0; i < times; i++)
            {
                _calendar.TryPop(out var time, out var payload);
                sum += time.Milliseconds;
                _calendar.Schedule(new SimTime(time.Milliseconds + Gap(ref _luck)), 0, payload);
            }

            return sum;
        }
    }

    /// <summary>The peer: the framework's queue by time alone. It neither breaks ties by insertion nor cancels.</summary>
    public sealed class OnPriorityQueue : IHold
    {
        private readonly PriorityQueue<Payload, long> _queue = new();
        private ulong _luck = 1;

        public OnPriorityQueue(int waiting)
        {
            for (var i = 0; i < waiting; i++)
                _queue.Enqueue(new Payload(i & 7, i), Gap(ref _luck));
        }

        public long Hold(int times)
        {
            var sum = 0L;
            for (var i = 0; i < times; i++)
            {
                _queue.TryDequeue(out var payload, out var time);
                sum += time;
                _queue.Enqueue(payload, time + Gap(ref _luck));
            }

            return sum;
        }
    }

    public interface IHold
    {
        /// <summary>Holds that often.</summary>
        /// <returns>Sum of all times popped: the same for every right implementation.</returns>
        long Hold(int times);
    }

    // Exponential; xorshift costs next to nothing, so that the queue is what is measured. Drawn by the kernel, not by the platform's library:
    // that one's logarithm took 60 ns instead of 7 on some processors when wide vector instructions had been used just before, which
    // only one side does.
    private static long Gap(ref ulong luck)
    {
        luck ^= luck << 13;
        luck ^= luck >> 7;
        luck ^= luck << 17;
        return (long)Gaps.Quantile((luck >> 11) * (1.0 / (1UL << 53)));
    }
}
