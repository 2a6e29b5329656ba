using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class BalanceCommandTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task A_table_of_tasks_is_balanced_both_ways()
    {
        var file = _twin.Write("tasks.csv", "task,predecessors,a:2,b:1\ncut,,4,4\nbend,cut,3,6\npaint,cut,5,2\npack,bend paint,2,2\n");

        var stations = await Twin.JsonAsync("balance", file, "--cycle", "8", "--window", "2");
        var cycle = await Twin.JsonAsync("balance", file, "--stations", "2", "--window", "2");

        Assert.Equal(2, stations.GetProperty("stations").GetInt32());
        Assert.True(cycle.GetProperty("proven").GetBoolean());
        Assert.Equal(8, cycle.GetProperty("cycle").GetInt64());
        Assert.Contains("of the paid time is work", (await Twin.RunAsync("balance", file, "--stations", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_said()
    {
        var file = _twin.Write("tasks.csv", "task,predecessors,time\ncut,,4\n");

        Assert.Equal(ExitCode.Usage, (await Twin.RunAsync("balance", file)).Code);
        var (code, _, error) = await Twin.RunAsync("balance", file, "--cycle", "3");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("longest task needs 4", error, StringComparison.Ordinal);
    }
}
