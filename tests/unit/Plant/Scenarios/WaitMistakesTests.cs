using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>What a routing says about waits that are too long, and mistakes in it.</summary>
public sealed class WaitMistakesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public WaitMistakesTests() => _folder.Write("routings.csv", """
        routing,operation,alternatives,fixed_time,after,max_wait,after_max_wait
        cotton,scour,vat,2 h,,8 h,repeat
        cotton,dye,vat,6 h,,4 h,scrap
        cotton,dry,dryer,1 h,,,
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_becomes_of_goods_that_waited_too_long_is_read_and_written()
    {
        _folder.Expect();
        var scenario = _folder.Read().Scenario!;
        AfterMaxWait[] expected = [AfterMaxWait.Repeat, AfterMaxWait.Scrap, AfterMaxWait.Count];
        Assert.Equal(expected, scenario.Plant.WorkMasters[0].Operations.Select(o => o.AfterMaxWait));
        using var copy = new ScenarioFolder();
        ScenarioWriter.Write(scenario, copy.Path);
        Assert.Equal(expected, copy.Read().Scenario!.Plant.WorkMasters[0].Operations.Select(o => o.AfterMaxWait));
    }

    [Fact]
    public void A_consequence_without_a_longest_wait_is_found()
    {
        _folder.Change("routings.csv", "2 h,,8 h,repeat", "2 h,,,repeat");
        _folder.Expect("routings.csv:2:24: operation 'scour' says what happens after a wait that is too long, and none is: it has no max_wait — Give max_wait, or leave after_max_wait empty.");
    }

    [Fact]
    public void A_consequence_after_the_last_operation_is_found()
    {
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h,,,", "cotton,dry,dryer,1 h,,1 h,scrap");
        _folder.Expect("routings.csv:4:27: operation 'dry' cannot be done again after a wait that is too long: no operation follows it — Let it be counted: after_max_wait count.");
    }

    [Fact]
    public void A_consequence_where_branches_meet_is_found()
    {
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h,,,", "cotton,dry,dryer,1 h,scour; dye,,");
        _folder.Expect("routings.csv:2:27: operation 'scour' cannot be done again after a wait that is too long: 2 operations follow it — Let it be counted: after_max_wait count.");
        _folder.Change("routings.csv", "2 h,,8 h,repeat", "2 h,,,");
        _folder.Expect("routings.csv:3:25: operation 'dye' cannot be done again after a wait that is too long: 'dry' follows others too — Let it be counted: after_max_wait count.");
    }
}
