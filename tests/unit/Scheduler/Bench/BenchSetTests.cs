using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Bench;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Bench;

public sealed class BenchSetTests
{
    public static TheoryData<string> Sets { get; } = [.. BenchSets.All.Select(s => s.Name)];

    /// <summary>Ten small public instances whose optimum is known, each within a number of moves, not seconds.</summary>
    [Theory]
    [InlineData("jsp", "ft06", 55)]
    [InlineData("jsp", "la01", 666)]
    [InlineData("jsp", "la05", 593)]
    [InlineData("jsp", "la16", 945)]
    [InlineData("jsp", "ft10", 930)]
    [InlineData("fjsp", "mk01", 40)]
    [InlineData("fjsp", "mk03", 204)]
    [InlineData("fjsp", "k2", 11)]
    [InlineData("fjsp_sdst", "Fattahi_setup_08", 262)]
    [InlineData("fjsp_sdst", "Fattahi_setup_12", 468)]
    public void Small_instances_reach_their_known_optimum(string set, string instance, int optimum)
    {
        var folder = SharedData.Require("benchmarks", set);
        var found = BenchSets.All.Single(s => s.Name == set).Read(folder).Single(i => i.Name == instance);
        Assert.Equal(optimum, found.BestKnown);
        var problem = ((ShopBench)found.Open()).Problem;
        Assert.Equal(optimum, ShopSearch.Solve(problem, new ShopLimits(120, Moves: 3_000_000, Target: optimum), stop: TestContext.Current.CancellationToken).Schedule.Makespan);
    }

    [Theory]
    [InlineData("energy", "benedikt2020a_prelim/0", 1453)]
    [InlineData("energy", "benedikt2020a_medium_twosby/0", 3815)]
    [InlineData("car_sequencing", "60-01", 0)]
    [InlineData("salbp", "Gunther_c54", 9)]
    public void Small_instances_of_other_families_reach_their_known_value(string set, string instance, int value)
    {
        var found = BenchSets.All.Single(s => s.Name == set).Read(SharedData.Require("benchmarks", set)).Single(i => i.Name == instance);
        Assert.Equal(value, found.Open().Solve(new BenchLimits(120, 1, 1), TestContext.Current.CancellationToken).Value);
    }

    [Theory, MemberData(nameof(Sets))]
    public void Every_instance_of_a_set_has_a_name_a_family_a_size_and_a_known_value_or_bound(string name)
    {
        var set = BenchSets.All.Single(s => s.Name == name);
        var instances = set.Read(SharedData.Require("benchmarks", name));
        Assert.NotEmpty(instances);
        Assert.Equal(instances.Count, instances.Select(i => i.Name).Distinct().Count());
        Assert.All(instances, i => Assert.True(i.Size > 0 && i.Family.Length > 0 && (i.BestKnown ?? i.LowerBound) is not null && !(i.LowerBound > i.BestKnown)));
    }

    [Theory]
    [InlineData("", "should hold the numbers")]
    [InlineData("2 2\n0 3 1 2\n", "promises 2 jobs, but there are 1")]
    [InlineData("1 2\n0 3 1\n", "no machine–time pairs")]
    [InlineData("1 2\n0 3 2 1\n", "names machine 2")]
    [InlineData("1 2\n0 x\n", "'x' is no number")]
    [InlineData("1 2\n0 9999999999\n", "no whole number")]
    public void A_file_that_is_no_job_shop_is_refused_with_its_name(string text, string words)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var message = Assert.Throws<PlanningException>(() => ShopText.ReadJobShop(path)).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
            Assert.Contains(words, message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
