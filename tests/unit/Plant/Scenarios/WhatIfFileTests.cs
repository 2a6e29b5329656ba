using System.Collections.Concurrent;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Documentation;
using DigitalTwin.Tests.Unit.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class WhatIfFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whatif-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private WhatIfResult Read(string yaml)
    {
        var path = Path.Combine(_folder, "try.yaml");
        File.WriteAllText(path, yaml);
        return WhatIfFile.Read(path, OneVat.Scenario());
    }

    [Fact]
    public void Every_kind_of_patch_is_read_from_its_key()
    {
        var read = Read("""
            name: All at once
            name_zh: 全部
            description: One of each
            base: ..
            patches:
              - rush_order: {id: R, product: P, quantity: 60, due: "2026-01-05 12:00"}
              - cancel_order: A
              - change_order: {id: B, priority: 4}
              - breakdown: {equipment: V1, at: "2026-01-05 09:00", duration: 3 h}
              - maintenance:
                  equipment: V1
                  at: "2026-01-06 09:00"
                  duration: 1 h
              - extra_shift: {calendar: day, dates: [2026-01-05, 2026-01-06], windows: ["18:00-22:00"]}
              - close: {calendar: day, dates: [2026-01-07]}
              - add_machine: {like: V1, id: V2, speed_factor: 1.1, preferred_families: [dark]}
              - remove_machine: [V2]
              - tariff: {tariff: T, base_price: 0.7, demand_price_per_kw_month: 40}
              - demand: {change: -10 %, by: quantity, product: P}
              - dispatch: atc
              - set: {equipment.V1.slots: 2, seed: 9}
              - scale: {equipment.V1.running_kw: 1.5}
            """);

        Assert.Empty(read.Diagnostics);
        Assert.Equal(("try", "All at once", "全部"), (read.WhatIf!.Id, read.WhatIf.Name.En, read.WhatIf.Name.Zh));
        Assert.Equal(15, read.WhatIf.Patches.Length);
        var scenario = read.Plant!.Scenario;
        Assert.Equal(["B", "R"], scenario.Orders.Select(o => o.Id));
        Assert.Equal([90.0, 54.0], scenario.Orders.Select(o => o.Quantity));
        Assert.Equal((DispatchRule.Atc, 9UL, 2, 15.0), (scenario.Dispatch, scenario.Seed, scenario.Plant.Equipment.Single().Slots, scenario.Plant.Equipment.Single().RunningKw));
        Assert.Equal(2, scenario.Disturbances.Length);
        Assert.Equal(3, scenario.Plant.Calendars[0].Exceptions.Length);
        Assert.EndsWith("..", WhatIfFile.BaseOf(Path.Combine(_folder, "try.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_at_its_line_and_column()
    {
        var found = Read("""
            nam: Typing
            patches:
              - rush_ordr: {id: R}
              - rush_order: {id: R, product: Q, quantity: 60, unit: kg}
              - breakdown: {equipment: V1, at: tomorrow, duration: 3}
              - breakdown: {equipment: V9, at: "2026-01-05 09:00", duration: 3 h}
              - {dispatch: atc, cancel_order: A}
              - dispatch: best
              - demand: {change: 20, by: weight}
              - tariff: {tariff: T, window: peak}
              - extra_shift: {calendar: day, dates: [soon], windows: ["18:00"]}
              - set: {equipment.V1.speedfactor: 2}
              - cancel_order: []
            """).Diagnostics;

        (int Line, string Part)[] expected =
        [
            (1, "unknown key 'nam'"), (3, "Maybe you meant 'rush_order'?"), (4, "product 'Q' is not in products.csv"), (5, "at 'tomorrow'"), (5, "duration '3' has no unit"),
            (6, "Maybe you meant 'V1'?"), (7, "a patch with 2 changes"), (8, "dispatch 'best' is unknown"), (9, "more than tenfold"), (9, "by 'weight' is unknown"),
            (10, "only one of window and price"), (11, "date 'soon'"), (12, "Maybe you meant 'speed_factor'?"),
        ];
        Assert.All(expected, e => Assert.True(found.Any(d => d.Line == e.Line && d.ToString().Contains(e.Part, StringComparison.Ordinal)), $"{e.Line}: {e.Part}\n" + string.Join('\n', found)));
        Assert.All(found, d => Assert.True(d.File.EndsWith("try.yaml", StringComparison.Ordinal) && d.Column > 0, d.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("patches: 3")]
    [InlineData("patches: [rush]")]
    [InlineData("patches:\n  - {}")]
    [InlineData("patches:\n  - rush_order: R")]
    [InlineData("patches:\n  - breakdown:")]
    [InlineData("patches:\n  - set: [a]")]
    [InlineData("patches:\n  - add_machine: {like: V1}")]
    [InlineData("patches:\n  - schedule: nowhere.csv")]
    [InlineData("a: [")]
    public void Broken_files_are_findings_and_no_exceptions(string yaml)
    {
        var read = Read(yaml);
        Assert.Null(read.Plant);
        Assert.NotEmpty(read.Diagnostics);
    }

    [Fact]
    public void A_schedule_is_read_for_the_patched_plant_and_followed()
    {
        File.WriteAllText(Path.Combine(_folder, "plan.csv"), """
            equipment,jobs,start,end
            V2,R/1/dye,2026-01-05 09:00,2026-01-05 11:00
            V1,B/1/dye,2026-01-05 08:30,2026-01-05 10:30
            V1,A/1/dye,2026-01-05 10:30,2026-01-05 12:30
            """);
        var read = Read("""
            patches:
              - add_machine: {id: V2, like: V1}
              - rush_order: {id: R, product: P, quantity: 60}
              - schedule: plan.csv
            """);

        Assert.Empty(read.Diagnostics);
        Assert.Equal(3, read.Schedule!.Batches.Length);
        var run = Experiment.Run(RunPlan.Of(read.Plant!) with { Policy = new DigitalTwin.Plant.Behaviour.DispatchPolicy { Schedule = read.Schedule } }, 0);
        Assert.Equal([4.5, 2.5, 2.5], run.Completions.Select(c => c!.Value.Hours)); // A, B, R

        var wrong = Read("patches:\n  - schedule: plan.csv");
        Assert.Null(wrong.Plant);
        Assert.Contains(wrong.Diagnostics, d => d.ToString().Contains("equipment 'V2' is not in the scenario", StringComparison.Ordinal));
    }

    [Fact]
    public void A_what_if_without_patches_is_its_base()
    {
        var read = Read("name: As it is");
        Assert.Empty(read.Diagnostics);
        Assert.Equal(OneVat.Scenario().Orders, read.Plant!.Scenario.Orders);
    }

    // After a change of the format: UPDATE_SCENARIO_FORMAT=1 dotnet test … writes both files anew.
    [Theory]
    [InlineData("whatif.schema.json")]
    [InlineData("what-if.md")]
    public void Committed_schema_and_documentation_are_those_of_the_descriptors(string file)
    {
        var path = Path.Combine(SharedData.Repository, "scenarios", file);
        var current = file == "what-if.md" ? WhatIfDocumentation.Markdown() : WhatIfDocumentation.Schema();
        if (Environment.GetEnvironmentVariable("UPDATE_SCENARIO_FORMAT") == "1")
        {
            File.WriteAllText(path, current);
        }

        Assert.Equal(current, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(SharedData.Repository, "scenarios"), "*.yaml", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) == "whatif").Select(f => Path.GetRelativePath(SharedData.Repository, f))];

    [Theory, MemberData(nameof(Shipped))]
    public void Shipped_what_ifs_are_sound_run_and_are_told_of_in_their_scenarios_readme(string file)
    {
        var path = Path.Combine(SharedData.Repository, file);
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(path))!;
        var scenario = s_shipped.GetOrAdd(folder, f => new Lazy<Scenario>(() => ScenarioReader.Read(f).Scenario!)).Value;

        var read = WhatIfFile.Read(path, scenario);

        Assert.Empty(read.Diagnostics);
        Assert.NotEmpty(read.WhatIf!.Patches);
        Assert.False(string.IsNullOrEmpty(read.WhatIf.Name.Zh), "no Chinese name");
        Assert.Contains(Path.GetFileName(path), File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        var afterWarmUp = (int)(scenario.WarmUp.Hours + 60 * 24);
        Assert.Contains(s_hours.Append(afterWarmUp), hours => Run(read.Plant!, hours) is { Events: > 100 } run && run.Kpis != BaseKpis(folder, scenario, hours));
    }

    // A short run shows what most of them change; only where it does not a longer one is asked.
    private static readonly int[] s_hours = [12, 36, 84];
    private static readonly ConcurrentDictionary<string, Lazy<Scenario>> s_shipped = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(string Folder, int Hours), Lazy<string>> s_bases = new();

    private static string BaseKpis(string folder, Scenario scenario, int hours) =>
        s_bases.GetOrAdd((folder, hours), _ => new Lazy<string>(() => Run(DigitalTwin.Plant.Behaviour.CompiledScenario.Compile(scenario), hours).Kpis)).Value;

    private static (long Events, string Kpis) Run(DigitalTwin.Plant.Behaviour.CompiledScenario plant, int hours)
    {
        var run = Experiment.Run(RunPlan.Of(plant) with { Until = DigitalTwin.Simulation.SimTime.FromHours(hours), StopWhenComplete = false }, 0);
        return (run.Events, run.Kpis.ToString());
    }
}
