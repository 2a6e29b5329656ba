using System.Diagnostics;

namespace DigitalTwin.Tests.System;

public sealed class BenchmarkSmokeTests
{
    [Fact]
    public async Task Every_bench_still_runs_and_agrees_with_its_peer()
    {
        var test = TestContext.Current.CancellationToken;
        var bench = Path.Combine(AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "system"), Path.Combine("tests", "benchmarks"), StringComparison.Ordinal), "DigitalTwin.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [bench, "smoke"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(test);
        var errors = process.StandardError.ReadToEndAsync(test);
        await process.WaitForExitAsync(test);

        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{await output}\n{await errors}");
        Assert.Contains("B/event", await output, StringComparison.Ordinal);
        foreach (var row in (string[])["hold model", "M/M/1", "machine shop", "fork of a running plant", "futures", "one week", "the same week", "truth", "SimSharp"])
        {
            Assert.Contains($"| {row}", (await output).Replace("| calendar, ", "| ", StringComparison.Ordinal).Replace("| 2 stochastic ", "| ", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }
}
