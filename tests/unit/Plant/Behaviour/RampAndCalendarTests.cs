using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class RampAndCalendarTests
{
    /// <summary>20 → 80 °C at 2 °C/min is half an hour at 40 kW, then a hold of 20 min at the machine's 10 kW; cooling 80 → 50 at 3 °C/min is 10 min without power.</summary>
    [Fact]
    public void A_ramp_takes_its_degrees_by_its_gradient_and_then_holds()
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        plant.Machine(c, m => m with { RunningKw = 10 });
        plant.Order(plant.Product(TinyPlant.Step(c, 0) with
        {
            Phases =
            [
                new Phase { Name = "heat", FromCelsius = 20, ToCelsius = 80, CelsiusPerMinute = 2, Kw = 40, SteamKgPerUnit = 3 },
                new Phase { Name = "hold", Hold = Duration.FromMinutes(20) },
                new Phase { Name = "cool", FromCelsius = 80, ToCelsius = 50, CelsiusPerMinute = 3, Kw = 0, WaterLitresPerUnit = 500 },
            ],
        }), o => o with { Quantity = 4 });

        var state = plant.Run().Simulator.State;

        Assert.Equal(60 * Duration.MillisecondsPerMinute, state.Orders[0].CompletedAt);
        Assert.Equal(20 + 10 / 3.0, state.Meters[0].EnergyKwh, 9);
        Assert.Equal((12, 2), (state.Meters[0].SteamKg, state.Meters[0].WaterM3));
    }

    /// <summary>Works 08–18 on working days (Monday is the first day). Twelve hours of work from Monday 08:00: ten on Monday; Tuesday is closed;
    /// Wednesday works from 06 to 07 and from 20 to 22 instead: one hour, then one more until 21:00.</summary>
    [Fact]
    public void A_closed_day_and_other_hours_of_a_day_replace_the_weekly_windows()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Extra = plant.Extra with
        {
            Calendars =
            [
                new WorkCalendar
                {
                    Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Workdays, new TimeOnly(8, 0), new TimeOnly(18, 0))],
                    Exceptions = [new CalendarException(new DateOnly(2026, 3, 3), []), new CalendarException(new DateOnly(2026, 3, 4), [(new TimeOnly(6, 0), new TimeOnly(7, 0)), (new TimeOnly(20, 0), new TimeOnly(22, 0))])],
                },
            ],
        };
        plant.Machine(c, m => m with { Calendar = new CalendarId(0) });
        plant.Order(plant.Product(TinyPlant.Step(c, 12 * 60) with { Interruptible = true }));
        plant.Order(plant.Product(TinyPlant.Step(c, 90)), o => o with { Release = SimTime.FromHours(30) }); // behind the first, and longer than the hour that is left

        var state = plant.Run().Simulator.State;

        Assert.Equal(SimTime.FromHours(48 + 21).Milliseconds, state.Orders[0].CompletedAt);
        Assert.Equal(SimTime.FromHours(72 + 8).Milliseconds, state.Jobs[1].StartAt); // Thursday, the usual hours again
        state.AdvanceTo(SimTime.FromHours(96));
        Assert.Equal(10 + 0 + 3 + 10, PlantKpis.Of(state).Equipment[0].PlannedBusyTime, 9);
    }
}
