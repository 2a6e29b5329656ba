using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Mistakes in the tables of materials and supply, with the words that their author will read.</summary>
public sealed class MaterialMistakesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public MaterialMistakesTests()
    {
        _folder.Write("materials.csv", """
            id,unit,initial_stock,reorder,reorder_point,order_up_to,tracked
            dye,kg,50,order_up_to,20,80,
            yarn,kg,0,,,,yes
            """);
        _folder.Write("sources.csv", """
            material,supplier,lead_time,lead_time_p50,lead_time_p90
            dye,basf,,2 d,4 d
            yarn,mill,3 d,,
            """);
        _folder.Write("bill_of_materials.csv", """
            product,operation,material,quantity
            navy,dye,dye,0.03
            navy,,yarn,1.02
            """);
        _folder.Write("receipts.csv", """
            material,quantity,time,supplier,lot
            yarn,500,2026-03-02 10:00,mill,Y-1
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sound_scenario_has_no_findings_and_reads_its_quantiles_as_a_lognormal()
    {
        _folder.Expect();
        var source = _folder.Read().Scenario!.Plant.Sources[0];
        Assert.Equal(4 * 86_400_000.0, source.LeadTime.Quantile(0.9), 86_400.0);
        Assert.Equal(2 * 86_400_000.0, source.LeadTime.Quantile(0.5), 86_400.0);
    }

    [Fact]
    public void A_rule_without_its_numbers_is_found()
    {
        _folder.Change("materials.csv", "20,80", "20,20");
        _folder.Expect("materials.csv:2:26: order_up_to of material 'dye' is not above reorder_point — The rule 'order_up_to' needs it.");
    }

    [Fact]
    public void A_rule_without_a_source_is_found()
    {
        _folder.Change("sources.csv", "dye,basf,,2 d,4 d\n", "");
        _folder.Expect("materials.csv:2:11: material 'dye' is to be ordered but has no source — Add one to sources.csv.");
    }

    [Fact]
    public void Two_ways_of_saying_the_lead_time_and_half_a_way_are_found()
    {
        _folder.Change("sources.csv", "mill,3 d,,", "mill,3 d,4 d,");
        _folder.Expect("sources.csv:3:11: lead_time is given beside lead_time_p50 and lead_time_p90 — Keep one way of saying it.");
        _folder.Change("sources.csv", "mill,3 d,4 d,", "mill,,4 d,");
        _folder.Expect("sources.csv:3:16: lead_time_p90 is missing — Write a duration > 0, such as 13 d.");
    }

    [Fact]
    public void An_operation_that_the_routing_does_not_have_is_found()
    {
        _folder.Change("bill_of_materials.csv", "navy,dye,dye", "navy,dyee,dye");
        _folder.Expect("bill_of_materials.csv:2:6: operation 'dyee' is not in routing 'cotton' of product 'navy' — Maybe you meant 'dye'?");
    }

    [Fact]
    public void A_product_made_of_itself_is_found()
    {
        _folder.Write("products.csv", """
            id,routing,family,stocked_as
            navy,cotton,dark,yarn
            sky,cotton,light,
            """);
        _folder.Expect("bill_of_materials.csv:3:1: product 'navy' is made of itself — Break the circle of bill_of_materials.csv and stocked_as.");
    }

    [Fact]
    public void A_material_that_never_comes_is_warned_of()
    {
        _folder.Delete("receipts.csv");
        _folder.Expect("materials.csv:3:1: warning: material 'yarn' is used but never comes: it has no stock, no receipt, no reorder rule and nobody makes it — Give it one of these.");
    }

    [Fact]
    public void Decisions_about_lots_that_no_receipt_brings_and_disturbances_of_strangers_are_found()
    {
        _folder.Write("lot_decisions.csv", """
            time,lot,action
            2026-03-03 10:00,Y-2,hold
            """);
        _folder.Write("supply_disturbances.csv", """
            supplier,from,to
            bsaf,2026-03-03,2026-03-09
            basf,2026-03-09,2026-03-03
            """);
        _folder.Expect(
            "lot_decisions.csv:2:18: lot 'Y-2' is not in receipts.csv — Maybe you meant 'Y-1'?",
            "supply_disturbances.csv:2:1: supplier 'bsaf' is not in sources.csv — Maybe you meant 'basf'?",
            "supply_disturbances.csv:3:17: to '2026-03-03' is not after from '2026-03-09' — Maybe the two are swapped?");
    }

    [Fact]
    public void A_named_lot_of_an_untracked_material_and_a_supplier_who_does_not_deliver_it_are_found()
    {
        _folder.Change("receipts.csv", "yarn,500,2026-03-02 10:00,mill,Y-1", "dye,500,2026-03-02 10:00,mill,Y-1");
        _folder.Expect(
            "materials.csv:3:1: warning: material 'yarn' is used but never comes: it has no stock, no receipt, no reorder rule and nobody makes it — Give it one of these.",
            "receipts.csv:2:26: supplier 'mill' is no source of material 'dye' — Add the pair to sources.csv, or leave the supplier out.",
            "receipts.csv:2:31: lot 'Y-1' is of material 'dye', whose lots are not tracked — Set tracked to yes in materials.csv, or leave the lot out.");
    }
}
