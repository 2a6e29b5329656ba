using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Mistakes that only show across tables: what cannot be made, reached, worked or meant.</summary>
public sealed class ScenarioChecksTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Expect(params string[] findings) => _folder.Expect(findings);

    [Fact]
    public void Minimum_above_maximum_capacity_is_impossible()
    {
        _folder.Change("equipment.csv", "vat-2,vat,50,300", "vat-2,vat,300,50");
        Expect("equipment.csv:3:11: capacity_min '300' is more than capacity_max '50': nothing fits — Maybe the two are swapped?");
    }

    [Fact]
    public void Lot_that_fits_nothing_names_the_largest_equipment()
    {
        _folder.Change("orders.csv", "PO-2,sky,250", "PO-2,sky,450");
        Expect("orders.csv:3:10: a lot of 450 of order 'PO-2' fits no equipment for operation 'scour': the largest, 'vat-2', takes 300 — Split the order: lot_size 300.");
    }

    [Fact]
    public void Order_of_millions_of_lots_is_refused()
    {
        _folder.Write("orders.csv", "id,product,quantity_kg,lot_size\nPO-1,navy,80,0.00001\n");
        Expect("orders.csv:2:14: lot_size '0.00001' cuts order 'PO-1' into 8,000,000 lots — At most 10000 make sense; maybe the unit is wrong?");
    }

    [Fact]
    public void Order_whose_family_nothing_accepts_is_told()
    {
        _folder.Write("equipment.csv", "id,class,allowed_families\nvat-1,vat,dark\ndry-1,dryer,\n");
        Expect("orders.csv:3:6: no equipment for operation 'scour' of order 'PO-2' accepts family 'light' — Add the family to allowed_families in equipment.csv.");
    }

    [Fact]
    public void Order_whose_equipment_its_owners_keep_is_told()
    {
        _folder.Write("tenants.csv", "id\nacme\n").Write("equipment.csv", "id,class,owner,shared\nvat-1,vat,,\ndry-1,dryer,acme,no\n");
        Expect(
            "orders.csv:2:6: all equipment for operation 'dry' of order 'PO-1' is kept by its owners — Set shared to yes in equipment.csv, or name the owner as tenant.",
            "orders.csv:3:6: all equipment for operation 'dry' of order 'PO-2' is kept by its owners — Set shared to yes in equipment.csv, or name the owner as tenant.");
    }

    [Fact]
    public void Operation_of_a_class_without_machines_has_no_equipment()
    {
        _folder.Change("equipment.csv", "dry-1,dryer", "dry-1,vat");
        Expect("routings.csv:4:12: operation 'dry' has no eligible equipment: class 'dryer' has no machine — Add machines of the class to equipment.csv, or name another class.");
    }

    [Fact]
    public void Operation_that_requires_what_nothing_can_has_no_equipment()
    {
        _folder.Write("routings.csv", "routing,operation,alternatives,requires\ncotton,dye,vat,presure\n")
            .Write("equipment.csv", "id,class,capabilities\nvat-1,vat,pressure\n");
        Expect("routings.csv:2:16: operation 'dye' has no eligible equipment: none of its 1 has the capability 'presure' — Maybe you meant 'pressure'?");
    }

    [Fact]
    public void Operation_without_alternatives_is_told()
    {
        _folder.Change("routings.csv", "cotton,dye,vat,6 h,", "cotton,dye,,6 h,");
        Expect("routings.csv:3:12: operation 'dye' has no equipment — Name a class or machines in 'alternatives', or in operation_alternatives.csv.");
    }

    [Fact]
    public void Operation_that_needs_more_than_there_is_is_told()
    {
        _folder.Write("auxiliaries.csv", "id,count\nframe,4\n").Write("routings.csv", "routing,operation,alternatives,auxiliaries\ncotton,dye,vat,frame*9\n");
        Expect("routings.csv:2:16: operation 'dye' needs 9 of 'frame' and there are 4 — Need fewer, or raise the count in auxiliaries.csv.");
    }

    [Fact]
    public void Forbidden_succession_without_a_way_round_is_a_dead_end()
    {
        _folder.Write("changeovers.csv", "rule,from,to,allowed\ncleaning,dark,light,no\n");
        Expect("scenario.yaml:7:9: changeover rule 'cleaning': family 'light' can never be reached from 'dark' on 'vat-2', and its jobs (first in order 'PO-2') have no other equipment — Allow a succession in changeovers.csv, or give the rule a cleaning.");
    }

    [Fact]
    public void Forbidden_succession_is_no_dead_end_where_a_cleaning_or_another_family_leads_round()
    {
        _folder.Write("changeovers.csv", "rule,from,to,allowed\ncleaning,dark,light,no\n");
        _folder.Change("scenario.yaml", "    default: {duration: 30 min}", "    cleaning: {duration: 2 h}");
        Expect();
        _folder.Change("scenario.yaml", "    cleaning: {duration: 2 h}", "    default: {duration: 2 h}")
            .Change("families.csv", "light,1,20", "light,1,20\nmedium,3,").Change("products.csv", "sky,cotton,light", "sky,cotton,light\nteal,cotton,medium")
            .Change("orders.csv", "PO-2,sky", "PO-3,teal,60,kg,,\nPO-2,sky");
        Expect();
    }

    [Fact]
    public void Residue_limit_that_no_cleaning_reaches_is_told()
    {
        _folder.Change("scenario.yaml", "kind: matrix", "kind: residue").Change("scenario.yaml", "\n    default: {duration: 30 min}", "")
            .Write("cleanings.csv", "rule,id,removes,duration\ncleaning,strip,27,7 h\n").Change("families.csv", "light,1,20", "light,1,0");
        Expect("families.csv:3:9: residue_limit '0' of family 'light' is reached by no cleaning: the residue must be below it and is never below 0 — Write a limit > 0.");
    }

    [Fact]
    public void Residue_rule_needs_a_cleaning_and_no_matrix()
    {
        _folder.Change("scenario.yaml", "kind: matrix", "kind: residue");
        Expect("scenario.yaml:9:14: default does not belong to a residue rule — Remove it, or change the kind.");
        _folder.Change("scenario.yaml", "\n    default: {duration: 30 min}", "");
        Expect("scenario.yaml:7:9: residue rule 'cleaning' has no cleaning — Add at least one to cleanings.csv.");
    }

    [Fact]
    public void Calendar_that_never_works_is_told()
    {
        _folder.Write("calendars.csv", "id,days,start,end\nshifts,,,\n");
        Expect("calendars.csv:2:1: calendar 'shifts' never works — Give it days, start and end.");
    }

    [Fact]
    public void Operation_longer_than_any_shift_is_a_warning()
    {
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h", "cotton,dry,dryer,17 h");
        Expect("routings.csv:4:8: warning: operation 'dry' takes about 17h 0min for a lot of 250, longer than any working window of its equipment (16h 0min) — It will run over the end of the shift; make it interruptible, or lengthen the calendar's windows.");
    }

    [Fact]
    public void Order_due_before_its_release_is_a_warning()
    {
        _folder.Change("orders.csv", "2026-03-03 08:00,2026-03-06 17:00", "2026-03-06 17:00,2026-03-03 08:00");
        Expect("orders.csv:3:34: warning: order 'PO-2' is due ('2026-03-03 08:00') before its release ('2026-03-06 17:00') — It will be late whatever is done; maybe the two are swapped?");
    }

    [Fact]
    public void Quantities_in_another_unit_than_capacities_are_a_warning()
    {
        _folder.Write("orders.csv", "id,product,quantity\nPO-1,navy,80\nPO-2,sky,90\n");
        Expect("orders.csv:2:13: warning: order 'PO-1' counts in 'pcs' but equipment 'vat-1' in 'kg' — Quantities are compared as they stand; give both in one unit.");
    }
}
