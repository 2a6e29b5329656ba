using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Every kind of mistake that a file can have, with the words that its author will read.</summary>
public sealed class ScenarioMistakesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Expect(params string[] findings) => _folder.Expect(findings);

    [Fact]
    public void The_sound_scenario_has_no_findings() => Expect();

    [Fact]
    public void Unknown_key_names_the_nearest_known_one()
    {
        _folder.Change("scenario.yaml", "horizon:", "horizn:");
        Expect(
            "scenario.yaml:1:1: horizon is missing — Write a duration > 0, such as 7 d.",
            "scenario.yaml:5:1: unknown key 'horizn' — Maybe you meant 'horizon'?");
    }

    [Fact]
    public void Unknown_key_in_a_nested_mapping_is_found()
    {
        _folder.Change("scenario.yaml", "duration: 30", "durration: 30");
        Expect("scenario.yaml:9:15: unknown key 'durration' — Maybe you meant 'duration'?");
    }

    [Fact]
    public void Unknown_column_names_the_nearest_known_one()
    {
        _folder.Change("families.csv", "residue_limit", "residu_limit");
        Expect("families.csv:1:9: unknown column 'residu_limit' — Maybe you meant 'residue_limit'?");
    }

    [Fact]
    public void Key_written_twice_is_found()
    {
        _folder.Change("scenario.yaml", "horizon: 7 d", "horizon: 7 d\nhorizon: 8 d");
        Expect("scenario.yaml:6:1: key 'horizon' is written twice — Keep one of them.");
    }

    [Fact]
    public void Column_written_twice_is_found()
    {
        _folder.Change("families.csv", "id,soil,residue_limit", "id,soil,soil");
        Expect("families.csv:1:9: column 'soil' stands here for the second time — Keep one of them.");
    }

    [Fact]
    public void Missing_column_is_told_once_not_for_every_row()
    {
        _folder.Change("products.csv", "id,routing,family", "id,,family");
        Expect("products.csv:1:11: column 'routing' is missing — Add it: How it is made.");
    }

    [Fact]
    public void Missing_value_is_told_at_its_place()
    {
        _folder.Change("equipment.csv", "vat-2,vat,", "vat-2,,");
        Expect("equipment.csv:3:7: class is missing — Write an id, such as vat.");
    }

    [Fact]
    public void Missing_tables_are_told()
    {
        _folder.Delete("products.csv");
        Expect("products.csv: the folder has no products.csv — What is made. Required. See scenarios/README.md.");
    }

    [Fact]
    public void Missing_scenario_file_is_told()
    {
        _folder.Delete("scenario.yaml");
        Expect("scenario.yaml: the folder has no scenario.yaml — A scenario begins with this file; see scenarios/README.md.");
    }

    [Fact]
    public void Misnamed_table_is_a_warning()
    {
        _folder.Write("famlies.csv", "id\n");
        Expect("famlies.csv:1:1: warning: 'famlies.csv' is not a table of a scenario and was not read — Maybe you meant 'families.csv'?");
    }

    [Fact]
    public void Dangling_references_name_the_place_and_the_nearest_name()
    {
        _folder.Change("orders.csv", "PO-1,navy", "PO-1,navvy").Change("products.csv", "navy,cotton,dark", "navy,cotton,black").Change("equipment.csv", "dry-1,dryer,,500,kg,,shifts", "dry-1,dryer,,500,kg,,shift");
        Expect(
            "equipment.csv:4:22: calendar 'shift' is not in calendars.csv — Maybe you meant 'shifts'?",
            "orders.csv:2:6: product 'navvy' is not in products.csv — Maybe you meant 'navy'?",
            "products.csv:2:13: family 'black' is not in families.csv — Add it there, or correct the name.");
    }

    [Fact]
    public void Dangling_alternatives_are_told_item_by_item()
    {
        _folder.Change("routings.csv", "cotton,dye,vat,", "cotton,dye,vat-1; vat-9; kettle,");
        Expect(
            "routings.csv:3:19: alternative 'vat-9' is neither an equipment class nor a machine — Maybe you meant 'vat-1'?",
            "routings.csv:3:26: alternative 'kettle' is neither an equipment class nor a machine — Add it to equipment_classes.csv or equipment.csv, or correct the name.");
    }

    [Fact]
    public void Repeated_id_names_the_first_line()
    {
        _folder.Change("orders.csv", "PO-2", "PO-1");
        Expect("orders.csv:3:1: id 'PO-1' is used twice — Line 2 has it first; give one of them another id.");
    }

    [Fact]
    public void Operations_that_wait_for_each_other_are_shown_as_a_circle()
    {
        _folder.Change("routings.csv", "cotton,scour,vat,2 h,", "cotton,scour,vat,2 h,dry");
        Expect("routings.csv:2:22: the operations run in a circle: scour → dye → dry → scour — Remove one of these from an 'after' column.");
    }

    [Fact]
    public void Unknown_predecessor_is_found()
    {
        _folder.Change("routings.csv", "cotton,dry,dryer,1 h,", "cotton,dry,dryer,1 h,dyee");
        Expect("routings.csv:4:22: after 'dyee' is not an operation of this routing — Maybe you meant 'dye'?");
    }

    [Theory]
    [InlineData("-30", "equipment.csv:3:14: capacity_max '-30' must be > 0 — Maybe the minus sign came from a pasted range?")]
    [InlineData("−30", "equipment.csv:3:14: capacity_max '−30' must be > 0 — Maybe the minus sign came from a pasted range?")]
    [InlineData("0", "equipment.csv:3:14: capacity_max '0' must be > 0")]
    [InlineData("NaN", "equipment.csv:3:14: capacity_max 'NaN' is not a number — Write digits with a decimal point, such as 12.5.")]
    [InlineData("1e99", "equipment.csv:3:14: capacity_max '1e99' is absurd: more than 1000000000000 — Maybe the unit is wrong?")]
    [InlineData("1e999", "equipment.csv:3:14: capacity_max '1e999' is too large for a number")]
    [InlineData("many", "equipment.csv:3:14: capacity_max 'many' is not a number — Write digits with a decimal point, such as 12.5.")]
    [InlineData("\"1,300\"", "equipment.csv:3:14: capacity_max '1,300' has two readings — Write 1300 or 1.3.")]
    public void Impossible_numbers_are_told(string capacity, string finding)
    {
        _folder.Change("equipment.csv", "vat-2,vat,50,300", $"vat-2,vat,50,{capacity}");
        Expect(finding);
    }

    [Fact]
    public void Absurd_power_is_told()
    {
        _folder.Write("equipment.csv", "id,class,running_kw\nvat-1,vat,2e9\ndry-1,dryer,5\n");
        Expect("equipment.csv:2:11: running_kw '2e9' is absurd: more than 1000000000 — Maybe the unit is wrong?");
    }

    [Theory]
    [InlineData("300 y", "routings.csv:3:16: fixed_time '300 y' has an unknown unit 'y' — Use ms, s, min, h, d or w.")]
    [InlineData("109500 d", "routings.csv:3:16: fixed_time '109500 d' is longer than a century — Maybe the unit is wrong?")]
    [InlineData("-2 h", "routings.csv:3:16: fixed_time '-2 h' can become negative — Times must be ≥ 0.")]
    [InlineData("6", "routings.csv:3:16: fixed_time '6' has no unit — Write 6 min, 6 h or 6 s.")]
    [InlineData("1:30", "routings.csv:3:16: fixed_time '1:30' could be hours or minutes — Write the units: 1 h 30 min.")]
    [InlineData("lognormal(6 h)", "routings.csv:3:16: fixed_time 'lognormal(6 h)' lacks its sigma — Write lognormal(median …, sigma …).")]
    [InlineData("lognormel(6 h; 1)", "routings.csv:3:16: fixed_time 'lognormel(6 h; 1)' is of an unknown kind 'lognormel' — Maybe you meant 'lognormal'?")]
    [InlineData("uniform(8 h; 6 h)", "routings.csv:3:16: fixed_time 'uniform(8 h; 6 h)' is impossible — min must not exceed the maximum.")]
    public void Impossible_times_are_told(string time, string finding)
    {
        _folder.Change("routings.csv", "6 h", time);
        Expect(finding);
    }

    [Fact]
    public void Horizon_of_three_centuries_is_absurd()
    {
        _folder.Change("scenario.yaml", "horizon: 7 d", "horizon: 109500 d");
        Expect("scenario.yaml:5:10: horizon '109500 d' is absurd: more than 73050 d — Maybe the unit is wrong?");
    }

    [Theory]
    [InlineData("Asia/Shangai", "scenario.yaml:4:12: time_zone 'Asia/Shangai' is unknown — Maybe you meant 'Asia/Shanghai'?")]
    [InlineData("Shanghai", "scenario.yaml:4:12: time_zone 'Shanghai' is unknown — Maybe you meant 'Asia/Shanghai'?")]
    [InlineData("Peking time", "scenario.yaml:4:12: time_zone 'Peking time' is unknown — Write an IANA name, such as Asia/Shanghai.")]
    public void Unknown_time_zone_is_told(string zone, string finding)
    {
        _folder.Change("scenario.yaml", "Asia/Shanghai", zone);
        Expect(finding);
    }

    [Theory]
    [InlineData("2026-02-30 08:00", "orders.csv:2:17: release '2026-02-30 08:00' is a day that no calendar has — Check month and day.")]
    [InlineData("2/3/2026", "orders.csv:2:17: release '2/3/2026' has two readings (day or month first) — Write the year first: 2026-03-02.")]
    [InlineData("2206-03-02", "orders.csv:2:17: release '2206-03-02' is more than 50 years from the scenario's start (2026-03-02 08:00) — Maybe the year is wrong?")]
    [InlineData("soon", "orders.csv:2:17: release 'soon' is not a date and time — Write it like 2026-03-02 08:00.")]
    [InlineData("2026-03-02 25:00", "orders.csv:2:17: release '2026-03-02 25:00' is a time of day that no clock shows — Hours run from 0 to 24, minutes and seconds to 59.")]
    public void Impossible_dates_are_told(string release, string finding)
    {
        _folder.Change("orders.csv", "kg,2026-03-02 08:00", $"kg,{release}");
        Expect(finding);
    }

    [Fact]
    public void Unreadable_encoding_is_told_at_its_first_byte()
    {
        _folder.Write("families.csv", [.. "id,name\ndark,"u8, 0xC9, 0xEE, 0xC9, 0xAB]);
        Expect("families.csv:2:6: the file is not UTF-8 text (byte 0xC9) — In Excel, save it as \"CSV UTF-8 (comma delimited)\".");
    }

    [Fact]
    public void Broken_yaml_is_told_with_its_place_and_the_tables_are_still_read()
    {
        _folder.Change("scenario.yaml", "name: Small dyehouse", "name: \"Small dyehouse").Change("orders.csv", "PO-2,sky,250", "PO-2,sky,-250");
        var findings = _folder.Findings();
        Assert.StartsWith("scenario.yaml:", findings[0], StringComparison.Ordinal);
        Assert.Contains("not readable as YAML", findings[0], StringComparison.Ordinal);
        Assert.Equal("orders.csv:3:10: quantity '-250' must be > 0 — Maybe the minus sign came from a pasted range?", findings[1]);
        Assert.Equal(2, findings.Length);
    }

    [Fact]
    public void Quote_that_never_closes_is_told_where_it_opens()
    {
        _folder.Change("families.csv", "light,1,20", "\"light,1,20");
        Expect("families.csv:3:1: a quote opens here and never closes — Close it, or double it (\"\") where the value itself has a quote.");
    }

    [Fact]
    public void Value_beyond_the_last_column_is_told()
    {
        _folder.Change("families.csv", "light,1,20", "light,1,20,9");
        Expect("families.csv:3:12: value '9' stands beyond the last of 3 columns — Maybe a value that contains the separator needs quotes?");
    }

    [Fact]
    public void All_mistakes_of_all_files_are_told_at_once()
    {
        _folder.Change("scenario.yaml", "horizon: 7 d", "horizon: 7").Change("families.csv", "dark,7", "dark,-7").Change("equipment.csv", "vat-2,vat,50,300", "vat-2,vat,300,50")
            .Change("orders.csv", "PO-1,navy", "PO-1,nay").Change("products.csv", "sky,cotton,light", "sky,coton,light");
        Assert.Equal(5, _folder.Findings().Length);
    }

    [Fact]
    public void Missing_folder_is_told()
    {
        var result = DigitalTwin.Plant.Scenarios.ScenarioReader.Read("/no/such/folder");
        Assert.Equal("/no/such/folder: there is no such folder — Check the path.", Assert.Single(result.Diagnostics).ToString());
        Assert.Null(result.Scenario);
    }
}
