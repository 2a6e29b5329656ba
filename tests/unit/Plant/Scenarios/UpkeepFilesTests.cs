using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Failure modes and maintenance plans in scenario files: what they mean, and the mistakes that can be made.</summary>
public sealed class UpkeepFilesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public UpkeepFilesTests()
    {
        _folder.Write("auxiliaries.csv", "id,count\nfitter,2\n");
        _folder.Write("failure_modes.csv", "id,class,equipment,clock,life_h,life_count,time_to_repair,restores,repair_crew,after_breakdown,cost,baseline,limit,pf_interval,inspection_every,noise\nbearing,dryer,,,\"weibull(2, 3000)\",,4 h,,fitter,scrap,12000,1.2,11.2,300 h,7 d,0.08\npump,,vat-1,batches,,\"weibull(shape 2, scale 500)\",90 min,minimal,,,,,,,,\n");
        _folder.Write("maintenance.csv", "id,class,equipment,clock,every,every_count,watches,at_level,lead_time,defer,window,duration,crew,renews,together_within,cost\nbearing-change,dryer,,,1500 h,,bearing,4.5 mm/s,2 d,24 h,shifts,3 h,fitter*2,bearing,15 %,2500\ngrease,,vat-1,batches,,40,,,,,,20 min,,pump,,\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Modes_and_plans_are_read()
    {
        _folder.Expect();

        var plant = _folder.Read().Scenario!.Plant;
        var (bearing, pump) = (plant.FailureModes[0], plant.FailureModes[1]);
        Assert.Equal((new EquipmentClassId(1), UsageClock.Running, Distribution.Weibull(2, 3000 * 3.6e6)), (bearing.Class!.Value, bearing.Clock, bearing.Life));
        Assert.Equal((new CrewNeed("fitter"), AfterBreakdown.Scrap, 12000), (bearing.RepairCrew!, bearing.AfterBreakdown, bearing.Cost));
        Assert.Equal((1.2, 11.2, Duration.FromDays(7), 0.08), (bearing.Signal!.Baseline, bearing.Signal.Limit, bearing.Signal.InspectionEvery!.Value, bearing.Signal.Noise));
        Assert.Equal((new EquipmentId(0), UsageClock.Batches, Restoration.Minimal, null), (pump.Equipment!.Value, pump.Clock, pump.Restores, pump.Signal));
        var (change, grease) = (plant.MaintenancePlans[0], plant.MaintenancePlans[1]);
        Assert.Equal((1500 * 3.6e6, 0, 4.5, 0.15), (change.Every!.Value, change.Watches!.Value, change.AtLevel!.Value, change.TogetherWithin!.Value));
        Assert.Equal((Duration.FromDays(2), Duration.FromHours(24), new CalendarId(0), new CrewNeed("fitter", 2)), (change.LeadTime, change.Defer, change.Window!.Value, change.Crew!));
        Assert.Equal((40, UsageClock.Batches, 1), (grease.Every!.Value, grease.Clock, grease.Renews.Single()));
    }

    [Theory]
    [InlineData("failure_modes.csv", "pump,,vat-1", "pump,vat,vat-1", "failure_modes.csv:3:10: both class and equipment are given — Give one of them.")]
    [InlineData("maintenance.csv", "grease,,vat-1", "grease,,", "maintenance.csv:3:8: neither class nor equipment is given — Give one of them.")]
    [InlineData("failure_modes.csv", "pump,,vat-1,batches", "pump,,vat-1,calendar", "failure_modes.csv:3:23: life_count does not suit the clock 'calendar' — Use life, or another clock.")]
    [InlineData("failure_modes.csv", "1.2,11.2,", "1.2,,", "failure_modes.csv:2:65: limit is missing beside baseline — Write a number > 0, mm/s, such as 11.2; a signal has a baseline, a limit and a pf_interval.")]
    [InlineData("failure_modes.csv", "1.2,11.2,", "11.2,1.2,", "failure_modes.csv:2:66: limit '1.2' is not above the baseline '11.2' — Maybe the two are swapped?")]
    [InlineData("failure_modes.csv", "\"weibull(shape 2, scale 500)\"", "\"uniform(4, 5)\"", "failure_modes.csv:3:45: failure mode 'pump' is minimally repaired, but its life can be over for certain — Give it a weibull, exponential, lognormal or gamma life, or restores: as_new.")]
    [InlineData("failure_modes.csv", "4 h,,fitter", "4 h,,fiter", "failure_modes.csv:2:42: repair_crew 'fiter' asks for 'fiter', which no auxiliary is or can — Maybe you meant 'fitter'?")]
    [InlineData("maintenance.csv", "1500 h,,bearing,", "1500 h,,,", "maintenance.csv:2:32: at_level is given but watches is missing — Name the failure mode whose readings order it.")]
    [InlineData("maintenance.csv", "fitter*2,bearing,", "fitter*2,baering,", "maintenance.csv:2:78: renews 'baering' is not in failure_modes.csv — Maybe you meant 'bearing'?")]
    [InlineData("maintenance.csv", "20 min,,pump", "20 min,,bearing", "maintenance.csv:3:40: no machine of plan 'grease' has the failure mode 'bearing' — Give both the same class or machine.")]
    [InlineData("maintenance.csv", "40,,,", "40,pump,5,", "maintenance.csv:3:27: failure mode 'pump' has no signal to watch — Give it baseline, limit and pf_interval in failure_modes.csv.")]
    public void Mistake_is_told_at_its_place_with_a_way_out(string file, string right, string wrong, string message)
    {
        _folder.Change(file, right, wrong);
        _folder.Expect(message);
    }
}
