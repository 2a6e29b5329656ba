using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Bookings of offered hours, by names.</summary>
public class MarketObservationTests
{
    /// <summary>One machine of firm a, offered by day; a reservation R1 and two orders whose jobs book for themselves.</summary>
    private static CompiledScenario Shop(BookingPolicy booking = BookingPolicy.WhenWaiting)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = new TenantId(0) });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(5, 0)), SimTime.Zero)],
            Market = new MarketRules { Booking = booking },
        };
        var product = plant.Product(TinyPlant.Step(c, 60) with { Id = "op" });
        plant.Order(product, o => o with { Tenant = new TenantId(1) });
        plant.Order(product, o => o with { Tenant = new TenantId(0) });
        return CompiledScenario.Compile(plant.Build() with
        {
            Reservations = [new Reservation { Id = "R1", Firm = new TenantId(1), Equipment = new EquipmentId(0), From = SimTime.FromHours(2), To = SimTime.FromHours(3) }],
        });
    }

    [Fact]
    public void Every_kind_of_booking_event_is_read_back_by_the_names_it_is_written_with()
    {
        var translator = new ObservationTranslator(new PlantNames(Shop()));
        for (var kind = PlantEventKind.ReservationOffered; kind <= PlantEventKind.ReservationReleased; kind++)
        {
            var value = kind is PlantEventKind.ReservationOffered or PlantEventKind.ReservationHeld ? 3.6e6 : 0;
            var recalled = kind == PlantEventKind.ReservationRecalled;
            foreach (var e in new[] { new PlantEvent(SimTime.Zero, kind, 0, recalled ? 1 : -1, -1, 0, value), new PlantEvent(SimTime.Zero, kind, 0, recalled ? 1 : 0, -1, 1, value) })
            {
                var written = translator.Write(e, "1");
                Assert.Equal(e.Arg == 0 ? "R1" : recalled ? "O1/1/op" : null, written.Reservation);
                Assert.True(translator.TryRead(written, out var read, out var problem), $"{e}: {problem}");
                Assert.Equal(e with { Source = EventSource.Observed }, read);
            }
        }
    }

    [Fact]
    public void All_bookings_of_any_shared_plant_are_read_back_and_fold_to_the_same_state() =>
        RandomPlants.Any.Where(p => p.Capacity.InUse).Sample(plant =>
        {
            var recorder = new EventRecorder();
            var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            var translator = new ObservationTranslator(new PlantNames(plant));
            var told = new PlantState(plant);
            foreach (var e in recorder.Events)
            {
                var read = e;
                if (e.Kind is >= PlantEventKind.ReservationOffered and <= PlantEventKind.ReservationReleased or PlantEventKind.WaitExceeded or PlantEventKind.UtilityRate)
                {
                    Assert.True(translator.TryRead(translator.Write(e, "1"), out read, out var problem), $"{e}: {problem}");
                    Assert.Equal(e with { Source = EventSource.Observed }, read);
                }

                told.Apply(read);
            }

            Assert.Equal(simulator.State.Reservations.ToArray(), told.Reservations.ToArray());
        }, iter: 60);

    [Theory]
    [InlineData("ReservationConfirmed", null, null, "ReservationConfirmed needs \"reservation\", its id in reservations.csv, or the \"job\" that booked for itself")]
    [InlineData("ReservationConfirmed", "R2", null, "reservation 'R2' is neither in reservations.csv nor a job that books by itself, as order/lot/operation")]
    [InlineData("ReservationRecalled", null, "O2/1/op", "ReservationRecalled needs \"reservation\": its id, or the job that had booked")]
    [InlineData("ReservationOffered", "R1", null, "ReservationOffered needs \"value\", the length of the hours in ms")]
    [InlineData("ReservationHeld", "R1", null, "ReservationHeld needs \"begins\", the first booked moment")]
    public void What_is_not_named_is_refused_with_the_way_out(string kind, string? reservation, string? job, string problem)
    {
        var observation = new Observation { Id = "1", Kind = kind, Time = PlantMoment.At(SimTime.Zero), Equipment = "M1", Reservation = reservation, Job = job };

        Assert.False(new ObservationTranslator(new PlantNames(Shop())).TryRead(observation, out _, out var why));
        Assert.Equal(problem, why);
    }

    [Fact]
    public void Where_jobs_book_nothing_by_themselves_a_job_names_no_booking()
    {
        var observation = new Observation { Id = "1", Kind = "ReservationConfirmed", Time = PlantMoment.At(SimTime.Zero), Equipment = "M1", Job = "O1/1/op" };

        Assert.False(new ObservationTranslator(new PlantNames(Shop(BookingPolicy.None))).TryRead(observation, out _, out var why));
        Assert.Equal("in this scenario jobs book nothing by themselves (market: booking)", why);
    }
}
