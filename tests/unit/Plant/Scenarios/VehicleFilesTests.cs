using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Vehicles in scenario files.</summary>
public sealed class VehicleFilesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public VehicleFilesTests()
    {
        _folder.Write("sites.csv", "id\nnorth\nsouth\n");
        _folder.Write("vehicles.csv", "id,count,capacity,home,speed,loading,unloading,calendar\ntruck,2,6,south,0.8,10 min,5 min,shifts\n");
        var rows = File.ReadAllLines(Path.Combine(_folder.Path, "equipment.csv"));
        _folder.Write("equipment.csv", string.Join('\n', rows.Select((row, i) => row + (i == 0 ? ",site" : ",north"))));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fleet_is_read_and_written()
    {
        _folder.Expect();
        var scenario = _folder.Read().Scenario!;
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ScenarioWriter.Write(scenario, copy);
            var fleet = scenario.Plant.Fleets[0];
            Assert.Equal(fleet, ScenarioReader.Read(copy).Scenario!.Plant.Fleets[0]);
            Assert.Equal(("truck", 2, 6, new SiteId(1), 0.8), (fleet.Id, fleet.Count, fleet.Capacity, fleet.Home, fleet.SpeedFactor));
            Assert.Equal((Duration.FromMinutes(10), Duration.FromMinutes(5), new CalendarId(0)), (fleet.Loading, fleet.Unloading, fleet.Calendar!.Value));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void A_home_that_does_not_exist_is_told()
    {
        _folder.Change("vehicles.csv", "south", "sout");
        Assert.Contains(_folder.Read().Errors, d => d.File.EndsWith("vehicles.csv", StringComparison.Ordinal) && d is { Line: 2, Column: 11 } && d.WayOut == "Maybe you meant 'south'?");
    }
}
