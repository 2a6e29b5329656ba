using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Mistakes in what mends an operation, and what a sound routing with rework means.</summary>
public sealed class ReworkMistakesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public ReworkMistakesTests()
    {
        _folder.Write("routings.csv", """
            routing,operation,alternatives,fixed_time,after,rework_probability,rework_by
            cotton,scour,vat,2 h,,,
            cotton,dye,vat,6 h,,0.1,strip; redye
            cotton,strip,vat,2 h,,,
            cotton,redye,vat,5 h,,,
            cotton,dry,dryer,1 h,,,
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_follows_a_row_with_rework_follows_what_is_always_done()
    {
        _folder.Expect();
        var operations = _folder.Read().Scenario!.Plant.WorkMasters[0].Operations;
        Assert.Equal(["scour", "dye", "strip", "redye", "dry"], operations.Select(o => o.Id));
        Assert.Equal([2, 3], operations[1].ReworkBy);
        Assert.Equal([[], [0], [1], [2], [1]], operations.Select(o => o.Predecessors.ToArray()));
    }

    [Fact]
    public void Rework_written_below_is_placed_before_what_follows()
    {
        _folder.Write("routings.csv", """
            routing,operation,alternatives,fixed_time,rework_probability,rework_by
            cotton,dye,vat,6 h,0.1,redye
            cotton,dry,dryer,1 h,,
            cotton,redye,vat,5 h,,
            """);
        _folder.Expect();
        var operations = _folder.Read().Scenario!.Plant.WorkMasters[0].Operations;
        Assert.Equal(["dye", "redye", "dry"], operations.Select(o => o.Id));
        Assert.Equal([[], [0], [0]], operations.Select(o => o.Predecessors.ToArray()));
    }

    [Fact]
    public void An_unknown_rework_is_found()
    {
        _folder.Change("routings.csv", "strip; redye", "stripp; redye");
        _folder.Expect("routings.csv:3:25: rework_by 'stripp' is not an operation of this routing — Maybe you meant 'strip'?");
    }

    [Fact]
    public void An_operation_that_mends_itself_is_found()
    {
        _folder.Change("routings.csv", "strip; redye", "dye");
        _folder.Expect("routings.csv:3:25: rework_by names the operation itself — Leave it empty: then the operation itself is repeated.");
    }

    [Fact]
    public void A_rework_with_predecessors_of_its_own_is_found()
    {
        _folder.Change("routings.csv", "cotton,redye,vat,5 h,,,", "cotton,redye,vat,5 h,scour,,");
        _folder.Expect("routings.csv:5:22: operation 'redye' mends 'dye' and has an 'after' of its own — Leave it empty: it is done when that fails.");
    }

    [Fact]
    public void Following_a_rework_is_found()
    {
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h,,,", "cotton,dry,dryer,1 h,redye,,");
        _folder.Expect("routings.csv:6:22: after 'redye' is done only when 'dye' fails — Write dye: its rework is waited for too.");
    }

    [Fact]
    public void A_rework_that_never_happens_is_told()
    {
        _folder.Change("routings.csv", ",0.1,strip; redye", ",,strip; redye");
        _folder.Expect("routings.csv:3:22: warning: operation 'dye' is never to be mended: its rework_probability is 0 — Give rework_probability, or leave rework_by empty.");
    }
}
