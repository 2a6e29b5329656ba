using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Remembers, per site and local calendar month, who drew power in the quarter-hour with the highest load: who made the demand charge.</summary>
/// <remarks>What a machine draws while it serves batches, or is set up for one, is their orders', by quantity; the rest is the machine's own.
/// Of equal quarter-hours the first counts.</remarks>
public sealed class DemandTracker : IPlantWatcher
{
    private readonly PlantClock _clock;
    private readonly int[] _siteOf;
    private readonly long[] _until; // per machine: booked up to here
    private readonly double[] _standby; // per machine, of the running quarter-hour, kWh
    private readonly Dictionary<int, double>[] _orders; // per site, of the running quarter-hour: kWh by order
    private readonly DemandShare?[] _highest; // per site, of the running month
    private readonly List<DemandShare> _past = [];
    private readonly long _since;
    private int _quarter;
    private int _monthEnd; // first quarter-hour after the running month
    private double _energyBefore;

    /// <param name="from">The plant when the stream of events begins.</param>
    /// <param name="since">Nothing before this moment counts (a warm-up).</param>
    public DemandTracker(PlantState from, SimTime since)
    {
        var plant = from.Plant;
        _since = SimTime.Max(since, from.Now).Milliseconds;
        _clock = plant.Scenario.Clock;
        _quarter = (int)(_since / LoadProfile.QuarterMs);
        _monthEnd = DemandPeak.FirstQuarterAfterMonthOf(_clock, _quarter);
        _siteOf = [.. plant.Plant.Equipment.Select(e => e.Site.Index)];
        _until = new long[_siteOf.Length];
        Array.Fill(_until, _since);
        _standby = new double[_siteOf.Length];
        _orders = [.. plant.Plant.Sites.Select(_ => new Dictionary<int, double>())];
        _highest = new DemandShare?[_orders.Length];
    }

    /// <summary>The decisive quarter-hours of the months so far, of those that are over; the tracking goes on.</summary>
    public IReadOnlyList<DemandShare> SoFar => [.. _past, .. _highest.OfType<DemandShare>()];

    /// <summary>The decisive quarter-hour of each site and month that drew anything; ends the tracking.</summary>
    /// <param name="state">The plant after the last event seen.</param>
    /// <param name="now">The end of what counts, not before that event.</param>
    public IReadOnlyList<DemandShare> Finish(PlantState state, SimTime now)
    {
        CloseQuarters(now.Milliseconds, state);
        CloseQuarter(now.Milliseconds, state);
        return [.. _past, .. _highest.OfType<DemandShare>()];
    }

    public void Before(in PlantEvent e, PlantState state)
    {
        CloseQuarters(e.Time.Milliseconds, state);
        if (e.Equipment >= 0)
        {
            Book(e.Equipment, e.Time.Milliseconds, state);
            _energyBefore = EnergyAt(state, e.Equipment, e.Time.Milliseconds);
        }
    }

    public void After(in PlantEvent e, PlantState state)
    {
        // A changeover's energy that is known only as an amount is booked when it ends.
        if (e.Kind is PlantEventKind.SetupEnded or PlantEventKind.CleaningEnded && e.Time.Milliseconds >= _since)
        {
            var lump = EnergyAt(state, e.Equipment, e.Time.Milliseconds) - _energyBefore;
            Give(e.Equipment, lump, serves: e.Kind == PlantEventKind.SetupEnded, state);
        }
    }

    private static double EnergyAt(PlantState state, int machine, long now)
    {
        ref readonly var equipment = ref state.Equipment[machine];
        return state.Meters[machine].EnergyKwh + equipment.Kw * Math.Max(0, now - equipment.MeteredUntil) / Duration.MillisecondsPerHour;
    }

    private void CloseQuarters(long now, PlantState state)
    {
        for (var end = (_quarter + 1) * LoadProfile.QuarterMs; end <= now; end = (_quarter + 1) * LoadProfile.QuarterMs)
        {
            CloseQuarter(end, state);
            if (++_quarter >= _monthEnd)
            {
                _past.AddRange(_highest.OfType<DemandShare>());
                Array.Clear(_highest);
                _monthEnd = DemandPeak.FirstQuarterAfterMonthOf(_clock, _quarter);
            }
        }
    }

    private void CloseQuarter(long end, PlantState state)
    {
        for (var machine = 0; machine < _until.Length; machine++)
        {
            Book(machine, end, state);
        }

        for (var site = 0; site < _orders.Length; site++)
        {
            KeepIfHighest(site);
            _orders[site].Clear();
        }

        Array.Clear(_standby);
    }

    private void KeepIfHighest(int site)
    {
        var kwh = _orders[site].Values.Sum();
        for (var machine = 0; machine < _standby.Length; machine++)
        {
            kwh += _siteOf[machine] == site ? _standby[machine] : 0;
        }

        if (kwh > (_highest[site]?.Kwh ?? 0))
        {
            _highest[site] = new DemandShare(new SiteId(site), _quarter, kwh, [.. _orders[site].Select(o => (o.Key, o.Value))],
                [.. Enumerable.Range(0, _standby.Length).Where(m => _siteOf[m] == site && _standby[m] != 0).Select(m => (m, _standby[m]))]);
        }
    }

    /// <summary>Books what a machine has drawn since it was last looked at.</summary>
    private void Book(int machine, long now, PlantState state)
    {
        ref readonly var equipment = ref state.Equipment[machine];
        if (now > _until[machine])
        {
            Give(machine, equipment.Kw * (now - _until[machine]) / Duration.MillisecondsPerHour, PlantState.Serves(equipment.Status), state);
            _until[machine] = now;
        }
    }

    private void Give(int machine, double kwh, bool serves, PlantState state)
    {
        ref readonly var equipment = ref state.Equipment[machine];
        var first = equipment.FirstActive >= 0 ? equipment.FirstActive : equipment.Reserved;
        if (kwh == 0)
        {
            return;
        }

        if (!serves || first < 0)
        {
            _standby[machine] += kwh;
            return;
        }

        var isRunning = equipment.FirstActive >= 0;
        var load = 0.0;
        for (var lead = first; lead >= 0; lead = isRunning ? state.Jobs[lead].NextActive : -1)
        {
            load += Quantity(state, lead, 0, -1);
        }

        for (var lead = first; lead >= 0; lead = isRunning ? state.Jobs[lead].NextActive : -1)
        {
            Quantity(state, lead, kwh / load, _siteOf[machine]);
        }
    }

    /// <summary>Quantity of a batch; where a site is given its members get so much per unit.</summary>
    private double Quantity(PlantState state, int lead, double kwhPerUnit, int site)
    {
        var sum = 0.0;
        for (var job = lead; job >= 0; job = state.Jobs[job].NextInBatch)
        {
            var quantity = state.Plant.Jobs.QuantityOf(job);
            sum += quantity;
            if (site >= 0)
            {
                var order = state.Plant.Jobs.OrderOf(job);
                _orders[site][order] = _orders[site].GetValueOrDefault(order) + kwhPerUnit * quantity;
            }
        }

        return sum;
    }
}
