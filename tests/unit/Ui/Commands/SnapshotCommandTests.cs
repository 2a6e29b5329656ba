using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class SnapshotCommandTests : IDisposable
{
    private const string Rush = "scenarios/dyehouse/whatif/rush-order.yaml";

    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task A_run_that_was_saved_and_gone_on_with_ends_with_the_hash_of_the_straight_run()
    {
        var (file, later) = (_twin.At("a.twin"), _twin.At("b.twin"));
        var straight = await HashAsync("--replication", "3", "--rule", "atc");

        await HashAsync("--replication", "3", "--rule", "atc", "--at", "5h", "--save-snapshot", file);
        await HashAsync("--from", file, "--at", "9h", "--save-snapshot", later);

        Assert.Equal(straight, await HashAsync("--from", file));
        Assert.Equal(straight, await HashAsync("--from", later));
        Assert.NotEqual(straight, await HashAsync("--from", file, "--replication", "4"));
        Assert.NotEqual(straight, await HashAsync("--from", file, "--seed", "77"));
        Assert.Equal("atc", (await Twin.JsonAsync("run", _twin.Dyehouse, "--from", file)).GetProperty("policy").GetString());
        Assert.Equal("spt", (await Twin.JsonAsync("run", _twin.Dyehouse, "--from", file, "--rule", "spt")).GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Many_futures_of_a_snapshot_do_not_depend_on_threads()
    {
        var file = _twin.At("a.twin");
        await HashAsync("--at", "5h", "--save-snapshot", file);

        var one = await Twin.JsonAsync("run", _twin.Dyehouse, "--from", file, "-n", "5", "--threads", "1");
        var three = await Twin.JsonAsync("run", _twin.Dyehouse, "--from", file, "-n", "5", "--threads", "3");

        Assert.Equal(one.GetRawText(), three.GetRawText());
        Assert.Equal(5, one.GetProperty("replications").EnumerateArray().Select(r => r.GetProperty("hash").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Snapshot_says_what_a_file_holds_and_whether_it_fits()
    {
        var file = _twin.At("a.twin");
        var saved = await Twin.RunAsync("run", _twin.Dyehouse, "--at", "5h", "--save-snapshot", file, "--seed", "9", "--lang", "en");
        Assert.Contains($"{file}: saved at ", saved.Error, StringComparison.Ordinal);

        var (code, output, error) = await Twin.RunAsync("snapshot", file, _twin.Dyehouse);
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Contains("seed 9 · replication 0", output, StringComparison.Ordinal);
        Assert.Contains("checksum sound, fits ", output, StringComparison.Ordinal);

        var json = await Twin.JsonAsync("snapshot", file);
        Assert.Equal(5 * 3_600_000, json.GetProperty("milliseconds").GetInt64());
        Assert.True(json.GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task A_damaged_or_foreign_snapshot_is_refused_by_name_with_a_way_out()
    {
        var file = _twin.At("a.twin");
        await HashAsync("--at", "5h", "--save-snapshot", file);

        var foreign = await Twin.RunAsync("run", _twin.JobShop, "--from", file);
        Assert.Equal(ExitCode.Findings, foreign.Code);
        Assert.Contains($"{file}: It is of scenario ", foreign.Error, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        foreach (var command in (string[][])[["run", _twin.Dyehouse, "--from", file], ["whatif", _twin.Dyehouse, Rush, "--from", file], ["snapshot", file]])
        {
            var (code, _, error) = await Twin.RunAsync(command);
            Assert.Equal(ExitCode.Findings, code);
            Assert.Contains($"{file}: It is damaged", error, StringComparison.Ordinal);
            Assert.Contains("save a new one", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_meant_is_said_at_once()
    {
        var file = _twin.At("a.twin");
        await HashAsync("--at", "5h", "--save-snapshot", file);

        Assert.Contains("Name a later end", (await Twin.RunAsync("run", _twin.Dyehouse, "--from", file, "--at", "4h")).Error, StringComparison.Ordinal);
        Assert.Contains("neither a time since the start nor a date", (await Twin.RunAsync("run", _twin.Dyehouse, "--at", "noon")).Error, StringComparison.Ordinal);
        Assert.Contains("neither a time since the start nor a date", (await Twin.RunAsync("whatif", _twin.Dyehouse, Rush, "--from", "none.twin")).Error, StringComparison.Ordinal);
        Assert.Contains("--save-snapshot", (await Twin.RunAsync("run", _twin.Dyehouse, "-n", "3", "--save-snapshot", file)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_what_if_may_begin_with_a_snapshot_of_its_base()
    {
        var file = _twin.At("a.twin");
        var late = _twin.Write("late.yaml", "patches:\n  - set: {orders.B0001.priority: 7}");
        await HashAsync("--at", "6h", "--save-snapshot", file);

        var from = await Twin.JsonAsync("whatif", _twin.Dyehouse, late, "-n", "2", "--from", file);
        var moment = await Twin.JsonAsync("whatif", _twin.Dyehouse, late, "-n", "2", "--from", "6h");

        Assert.Equal(moment.GetRawText(), from.GetRawText());
    }

    private async Task<string> HashAsync(params string[] options)
    {
        var run = await Twin.JsonAsync(["run", _twin.Dyehouse, .. options]);
        return run.GetProperty("replications")[0].GetProperty("hash").GetString()!;
    }
}
