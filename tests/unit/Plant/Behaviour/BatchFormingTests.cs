using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class BatchFormingTests
{
    /// <summary>Starts in hours, by order, of lots that come to one vat of 60–100 kg; an hour a batch, then an hour of packing.</summary>
    private static double[] Starts(BatchForming forming, params (double Kg, double Release, double? Due, string DyeLot)[] orders)
    {
        var plant = new TinyPlant();
        var (vat, pack) = (plant.Class("vat", forming: forming), plant.Class("pack"));
        plant.Machine(vat, m => m with { CapacityMin = 60, CapacityNominal = 100, CapacityMax = 100 });
        plant.Machine(pack, m => m with { Slots = 9 });
        var product = plant.Product(TinyPlant.Step(vat, 60) with { Batches = true }, TinyPlant.Step(pack, 60));
        foreach (var (kg, release, due, dyeLot) in orders)
        {
            plant.Order(product, o => o with { Quantity = kg, Release = SimTime.FromHours(release), Due = due is { } d ? SimTime.FromHours(d) : null, DyeLot = dyeLot });
        }

        var (simulator, _) = plant.Run();
        return [.. orders.Select((_, i) => simulator.State.Jobs[i * 2].StartAt / 3.6e6)];
    }

    [Fact]
    public void At_the_minimum_load_a_batch_starts() =>
        Assert.Equal([0.0, 5.0], Starts(BatchForming.Minimum, (70, 0, null, ""), (30, 5, null, "")));

    [Fact]
    public void A_full_batch_waits_for_all_that_could_come() =>
        Assert.Equal([5.0, 5.0], Starts(BatchForming.Full, (70, 0, null, ""), (30, 5, null, "")));

    [Fact]
    public void A_batch_is_full_when_somebody_must_stay_behind()
    {
        // 70 and 60 do not fit together: one starts at once, the other waits for the 10 kg that are to come at 9 h.
        var starts = Starts(BatchForming.Full, (60, 0, null, ""), (70, 0, null, ""), (10, 9, null, ""));

        Assert.Equal([0, 9, 9], starts.Order());
    }

    [Fact]
    public void An_under_loaded_batch_starts_when_its_most_urgent_order_would_be_late()
    {
        // Due at 8 h; this operation and packing take two hours: it starts at 6 h, four hours before company comes.
        Assert.Equal([6.0, 10.0], Starts(BatchForming.DuePressed, (40, 0, 8, ""), (30, 10, null, "")));
        Assert.Equal([10.0, 10.0], Starts(BatchForming.Minimum, (40, 0, 8, ""), (30, 10, null, "")));
        Assert.Equal([2.0, 2.0], Starts(BatchForming.DuePressed, (40, 0, 8, ""), (30, 2, null, "")));
    }

    [Fact]
    public void Only_lots_of_one_dye_lot_share_a_batch()
    {
        var starts = Starts(BatchForming.Minimum, (40, 0, null, "A"), (40, 0, null, "B"), (30, 0, null, "A"), (30, 0, null, "B"));

        Assert.Equal(starts[0], starts[2]);
        Assert.Equal(starts[1], starts[3]);
        Assert.NotEqual(starts[0], starts[1]);
    }

    /// <summary>Two vats of 100 kg, an hour a batch; machine and start of each order's lots.</summary>
    private static (int Machine, double Start)[] OnTwoVats(bool same, params (double Kg, double Release, string DyeLot)[] orders)
    {
        var plant = new TinyPlant();
        var vat = plant.Class("vat");
        plant.Machine(vat, m => m with { CapacityMax = 100 });
        plant.Machine(vat, m => m with { CapacityMax = 100 });
        var product = plant.Product(TinyPlant.Step(vat, 60) with { Batches = true, SameEquipment = same });
        foreach (var (kg, release, dyeLot) in orders)
        {
            plant.Order(product, o => o with { Quantity = kg, Release = SimTime.FromHours(release), DyeLot = dyeLot, LotSize = 100, EqualLots = true });
        }

        var (simulator, _) = plant.Run();
        return [.. simulator.State.Jobs.ToArray().Select(j => (j.Equipment, j.StartAt / 3.6e6))];
    }

    [Fact]
    public void Lots_of_a_dye_lot_follow_each_other_in_the_vat_that_took_the_first()
    {
        // A is two lots of 80 kg. B would take the second place in A's vat by its release, but the dye lot goes on; C takes the other vat.
        var done = OnTwoVats(true, (160, 0, "A"), (100, 0.1, "B"), (100, 0.2, "C"));

        Assert.Equal(done[0].Machine, done[1].Machine);
        Assert.Equal([0, 1], done[..2].Select(d => d.Start).Order());
        Assert.NotEqual(done[0].Machine, done[2].Machine);

        var free = OnTwoVats(false, (160, 0, "A"), (100, 0.1, "B"));
        Assert.NotEqual(free[0].Machine, free[1].Machine); // without the rule both vats take a lot at once
    }

    [Fact]
    public void An_order_too_large_for_any_vat_is_cut_into_equal_fills_of_as_few_vats_as_possible()
    {
        var plant = new TinyPlant();
        var vat = plant.Class("vat");
        plant.Machine(vat, m => m with { CapacityMin = 70, CapacityMax = 100 });
        plant.Order(plant.Product((vat, 60)), o => o with { Quantity = 250, LotSize = 100, EqualLots = true });
        plant.Order(plant.Product((vat, 60)), o => o with { Quantity = 250, LotSize = 100 });
        var jobs = plant.Compile().Jobs;

        Assert.Equal([250 / 3.0, 250 / 3.0, 250 / 3.0, 100, 100, 50], jobs.LotQuantity, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void In_any_plant_the_lots_of_a_dye_lot_that_keep_together_are_on_one_machine() =>
        RandomPlants.Any.Sample(plant =>
        {
            var recorder = new EventRecorder();
            var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(4, 0), sink: recorder);
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            var firstOf = recorder.Events.Where(e => e.Kind == PlantEventKind.JobAssigned)
                .GroupBy(e => plant.BatchKeyOf(e.Job)).ToDictionary(g => g.Key, g => g.First().Equipment);
            var together = Enumerable.Range(0, plant.Jobs.JobCount)
                .Where(j => plant.OperationOf(j).SameEquipment && plant.OrderOf(j).DyeLot.Length > 0 && simulator.State.Jobs[j] is { Attempt: 0, StartAt: >= 0 });

            // Elsewhere goes only what the machine cannot take: here every succession is possible by a cleaning or the rule allows it.
            Assert.All(together, j => Assert.True(simulator.State.Jobs[j].Equipment == firstOf[plant.BatchKeyOf(j)]
                || !plant.CanRun(j, firstOf[plant.BatchKeyOf(j)]) || IsClosedTo(plant, j, firstOf[plant.BatchKeyOf(j)])));
        }, iter: 150);

    /// <summary>Offered to other firms in no way that this job can use: it is too small, or would have to book where nobody can.</summary>
    private static bool IsClosedTo(CompiledScenario plant, int job, int equipment)
    {
        var offers = plant.Plant.Offers.Where(o => o.Equipment.Index == equipment).ToArray();
        var mustBook = plant.Plant.Market.Booking == BookingPolicy.None && !plant.OperationOf(job).Batches && plant.Plant.Equipment[equipment].Slots == 1;
        return plant.Plant.Equipment[equipment].Owner != plant.OrderOf(job).Tenant
            && offers.Length > 0 && Array.TrueForAll(offers, o => plant.Jobs.QuantityOf(job) < o.MinimumLot || (!o.WalkIn && mustBook));
    }
}
