using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Lines that move at their takt in scenario files: what they mean, and the mistakes that can be made.</summary>
public sealed class LineFilesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public LineFilesTests()
    {
        _folder.Change("scenario.yaml", "tariffs:", "lines:\n  - id: finish\n    takt: 60 s\n    station_window: 20 s\n    overload: stop_line\n    stations: [dryer]\ntariffs:");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_line_does_with_too_much_work_is_read_and_written()
    {
        _folder.Expect();
        var scenario = _folder.Read().Scenario!;
        Assert.Equal(LineOverload.StopLine, scenario.Plant.Lines[0].Overload);
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ScenarioWriter.Write(scenario, copy);
            var again = ScenarioReader.Read(copy).Scenario!.Plant.Lines[0];
            Assert.Equal((LineOverload.StopLine, Duration.FromSeconds(60), Duration.FromSeconds(20)), (again.Overload, again.Takt, again.StationWindow));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void A_station_of_several_machines_cannot_move_at_the_takt()
    {
        _folder.Change("scenario.yaml", "stations: [dryer]", "stations: [dryer, vat]");
        Assert.Contains(_folder.Read().Diagnostics, d => d.Message == "line 'finish' cannot move at its takt: station 'vat' has 2 machines" && d.WayOut == "Leave such stations out of the line, or let it drift.");
    }

    [Fact]
    public void A_batch_between_two_stations_would_wait_for_units_behind_a_stop()
    {
        _folder.Change("scenario.yaml", "stations: [dryer]", "stations: [press, dryer]");
        _folder.Change("equipment_classes.csv", "dryer", "dryer\npress");
        _folder.Change("equipment.csv", "dry-1,dryer", "press-1,press,,500,kg,,shifts\ndry-1,dryer");
        _folder.Change("routings.csv", "fixed_time,after", "fixed_time,after,batches");
        _folder.Change("routings.csv", "cotton,scour,vat,2 h,", "cotton,press,press,1 h,,\ncotton,scour,vat,2 h,,");
        _folder.Change("routings.csv", "cotton,dye,vat,6 h,", "cotton,dye,vat,6 h,,yes");
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h,", "cotton,dry,dryer,1 h,,");
        Assert.Contains(_folder.Read().Diagnostics, d => d.Message == "line 'finish' cannot move at its takt: operation 'dye' between two stations is done in batches");
    }

    private const string Loop = "fixture_loops:\n  - id: frames\n    enter: dryer\n    leave: dryer\n    change: 8 min\n    change_places: 2\n    return: 40 s\n    fixtures:\n      - {family: dark, count: 3}\ntariffs:";

    [Fact]
    public void A_fixture_loop_is_read_and_written()
    {
        _folder.Change("scenario.yaml", "tariffs:", Loop);
        _folder.Expect();
        var scenario = _folder.Read().Scenario!;
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ScenarioWriter.Write(scenario, copy);
            foreach (var loop in (FixtureCircuit[])[scenario.Plant.FixtureLoops[0], ScenarioReader.Read(copy).Scenario!.Plant.FixtureLoops[0]])
            {
                Assert.Equal(("frames", new EquipmentClassId(1), new EquipmentClassId(1), 2), (loop.Id, loop.Enter, loop.Leave, loop.ChangePlaces));
                Assert.Equal((Duration.FromMinutes(8), Duration.FromSeconds(40)), (loop.Change, loop.Return));
                Assert.Equal([new FixtureCount(new FamilyId(0), 3)], loop.Fixtures);
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void A_unit_that_would_keep_its_fixture_for_ever_is_told()
    {
        _folder.Change("scenario.yaml", "tariffs:", Loop.Replace("leave: dryer", "leave: vat", StringComparison.Ordinal));
        Assert.Contains(_folder.Read().Diagnostics, d => d.Message == "routing 'cotton' enters loop 'frames' and has no operation at 'vat' after that: it would keep its fixture for ever"
            && d.WayOut == "Maybe enter and leave are swapped?");
    }
}
