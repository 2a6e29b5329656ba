using System.Text.Json;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class WhatIfCommandTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    private string Rush => _twin.Write("rush.yaml", $"""
        name: Rush
        base: {_twin.Dyehouse}
        patches:
          - cancel_order: B0001
          - scale: {"{"}equipment.*.speed_factor: 0.8{"}"}
        """);

    private string Faster => _twin.Write("faster.yaml", "patches:\n  - scale: {equipment.*.speed_factor: 1.5}");

    [Fact]
    public async Task What_if_shows_the_difference_the_verdict_and_the_orders_that_change_sides()
    {
        var (code, output, error) = await Twin.RunAsync("whatif", _twin.Dyehouse, Rush, Faster, "-n", "4", "--lang", "en");

        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("rush: cancel B0001; equipment.*.speed_factor × 0.8", output, StringComparison.Ordinal);
        Assert.Matches(@"faster: Tardiness, weighted −[\d.,]+ ± [\d.,]+ h, −[\d.]+ % → better; less in 4, more in 0 of 4 runs", output);
        Assert.Matches(@"rush: Tardiness, weighted .* → ", output);
        Assert.True(output.Split('\n').All(l => l.Length <= 165), output);
    }

    [Fact]
    public async Task What_if_json_is_the_same_for_any_number_of_threads_and_holds_bands_of_orders()
    {
        var one = await Twin.JsonAsync("whatif", _twin.Dyehouse, Rush, "-n", "3", "--threads", "1");
        var three = await Twin.JsonAsync("whatif", Rush, "-n", "3", "--threads", "3"); // the file names its base

        Assert.Equal(one.GetProperty("variants").GetRawText(), three.GetProperty("variants").GetRawText());
        var variants = one.GetProperty("variants");
        Assert.Equal(["base", "rush"], variants.EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal("B0001", variants[1].GetProperty("ordersGone")[0].GetString());
        var order = variants[1].GetProperty("orders")[0];
        Assert.NotEqual(JsonValueKind.Null, order.GetProperty("p50").ValueKind);
        Assert.Equal(3, order.GetProperty("change").GetProperty("pairs").GetInt32() | 3);
    }

    [Fact]
    public async Task Selection_says_which_is_best_and_what_it_cost()
    {
        var report = await Twin.JsonAsync("whatif", _twin.Dyehouse, Rush, Faster, "--select", "lead-time-mean", "--threads", "2");

        var selection = report.GetProperty("selection");
        Assert.Equal(("faster", true), (selection.GetProperty("best").GetString(), selection.GetProperty("decided").GetBoolean()));
        Assert.All(selection.GetProperty("effort").EnumerateArray(), e => Assert.InRange(e.GetProperty("replications").GetInt32(), 10, 1000));
        var (_, output, _) = await Twin.RunAsync("whatif", _twin.Dyehouse, Rush, Faster, "--select", "lead-time-mean", "--lang", "en");
        Assert.Contains("faster is best by Lead time, mean with probability ≥ 95 %", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_says_how_probable_its_best_is_and_draws_where_the_runs_went()
    {
        var html = _twin.At("budget.html");
        var report = await Twin.JsonAsync("whatif", _twin.Dyehouse, Rush, Faster, "--select", "lead-time-mean", "--budget", "36", "--html", html);

        var selection = report.GetProperty("selection");
        Assert.Equal(("ocba", "faster", 36), (selection.GetProperty("procedure").GetString(), selection.GetProperty("best").GetString(), selection.GetProperty("budget").GetInt32()));
        Assert.InRange(selection.GetProperty("probability").GetDouble(), 0.5, 1);
        Assert.InRange(selection.GetProperty("effort").EnumerateArray().Sum(e => e.GetProperty("replications").GetInt32()), 30, 36);
        Assert.Contains("faster is best by Lead time, mean with an estimated probability of", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var (_, output, _) = await Twin.RunAsync("whatif", _twin.Dyehouse, Rush, Faster, "--select", "lead-time-mean", "--select-by", "ocba", "--budget", "36", "--lang", "en");
        Assert.Contains("faster is best by Lead time, mean with an estimated probability of", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_width_is_reached_or_the_cap_is_told()
    {
        var reached = await Twin.JsonAsync("compare", _twin.Dyehouse, "--rules", "edd", "--until-half-width", "lead-time-mean=20%");
        Assert.True(reached.GetProperty("precision").GetProperty("reached").GetBoolean());

        var (code, output, _) = await Twin.RunAsync("compare", _twin.Dyehouse, "--rules", "edd", "--until-half-width", "lead-time-mean=0.001", "--max-replications", "12", "--lang", "en");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("is not known to ± 0.001 h after 12 replications", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_running_plant_the_past_is_settled_and_only_the_future_differs()
    {
        var late = _twin.Write("late.yaml", "patches:\n  - set: {orders.B0001.priority: 7}\n  - scale: {equipment.*.speed_factor: 2}");
        var start = await Twin.JsonAsync("whatif", _twin.Dyehouse, late, "-n", "2");
        var running = await Twin.JsonAsync("whatif", _twin.Dyehouse, late, "-n", "2", "--from", "6h");
        static double Lead(JsonElement report, int variant) => Twin.Mean(report.GetProperty("variants")[variant].GetProperty("kpis"), "lead-time-mean");

        Assert.True(Lead(running, 1) < Lead(running, 0));
        Assert.True(Lead(running, 1) > Lead(start, 1), "six hours at the old speed are gone for good");

        var machine = _twin.Write("machine.yaml", "patches:\n  - add_machine: {id: V99, like: V01}");
        var (code, _, error) = await Twin.RunAsync("whatif", _twin.Dyehouse, machine, "--from", "6h");
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("machine.yaml:2:18: machine V99 like V01 is not possible on a running plant: machine 'V99' is new", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_holds_every_figure_of_every_replication_and_every_order()
    {
        var file = _twin.At("out.csv");
        await Twin.JsonAsync("compare", _twin.Dyehouse, "--rules", "edd", "--what-ifs", Faster, "-n", "2", "--csv", file);

        var figures = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        var orders = await File.ReadAllLinesAsync(_twin.At("out.orders.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("alternative,replication,figure,unit,value", figures[0]);
        Assert.Equal(2 * 2 * DigitalTwin.Plant.Kpis.KpiCatalogue.Plant.Length, figures.Length - 1);
        Assert.Equal(2 * 12, orders.Length - 1);
    }

    [Fact]
    public async Task Compare_takes_other_scenarios_beside_rules()
    {
        var comparison = await Twin.JsonAsync("compare", _twin.Dyehouse, "--scenarios", _twin.Dyehouse, "-n", "2");

        var variants = comparison.GetProperty("variants");
        Assert.Equal(["edd", "dyehouse"], variants.EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal(variants[0].GetProperty("hashes").GetRawText(), variants[1].GetProperty("hashes").GetRawText());
    }

    [Fact]
    public async Task Mistakes_of_all_files_are_printed_with_their_places_and_end_with_1()
    {
        var first = _twin.Write("a.yaml", "patches:\n  - cancel_order: B1");
        var second = _twin.Write("b.yaml", "patches:\n  - set: {sed: 3}");

        var (code, output, error) = await Twin.RunAsync("whatif", _twin.Dyehouse, first, second);

        Assert.Equal((ExitCode.Findings, ""), (code, output));
        Assert.Contains("a.yaml:2:19: id 'B1' is not in orders.csv", error, StringComparison.Ordinal);
        Assert.Contains("b.yaml:2:11: 'sed' is neither a table nor a key of scenario.yaml — Maybe you meant 'seed'?", error, StringComparison.Ordinal);
        Assert.Contains("the what-ifs have 2 errors", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no figure 'tardines-max'. Maybe you meant 'tardiness-max'?", "--select", "tardines-max")]
    [InlineData("says not how wide", "--until-half-width", "oee")]
    [InlineData("neither a number > 0 nor a percentage", "--until-half-width", "oee=wide")]
    [InlineData("Keep one of them", "--until-half-width", "oee=5%", "--select", "oee")]
    [InlineData("--budget says not by which figure", "--budget", "50")]
    [InlineData("--budget goes with --select-by ocba", "--select", "oee", "--select-by", "kn", "--budget", "50")]
    [InlineData("Maybe --budget instead of --replications", "--select", "oee", "--select-by", "ocba", "-n", "50")]
    [InlineData("'sometimes' is not a length of time. Maybe 30s, 15min, 8h or 7d, or auto?", "--warm-up", "sometimes")]
    public async Task A_wrong_option_names_the_mistake(string message, params string[] options)
    {
        var (code, _, error) = await Twin.RunAsync(["compare", _twin.JobShop, "--rules", "fifo", .. options]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plant_that_only_empties_has_no_warm_up_and_says_so()
    {
        var (code, _, error) = await Twin.RunAsync("compare", _twin.Dyehouse, "--rules", "edd", "--warm-up", "auto", "--warm-up-series", "late", "-n", "2");

        Assert.Equal(ExitCode.Infeasible, code);
        Assert.Contains("no warm-up can be found", error, StringComparison.Ordinal);
    }
}
