using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DigitalTwin.Tests.System.Programs;

/// <summary>What a finished run of the program left behind.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}";
}

/// <summary>The real <c>twin</c> program as a process of its own, ended by its id and nothing else.</summary>
internal sealed class TwinProgram : IAsyncDisposable
{
    private const int Interrupt = 2;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private TwinProgram(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Assembly, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["LANG"] = "C.UTF-8";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_errors, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program as the build left it, not the copy beside the tests.</summary>
    public static string Assembly { get; } = AppContext.BaseDirectory.Replace(
        Path.Combine("tests", "system"), "twin-ui", StringComparison.Ordinal) + "twin.dll";

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <summary>Starts the program in a folder (the repository's own when none is given).</summary>
    public static TwinProgram Start(string? folder, params string[] arguments) => new(folder ?? Repository.Root, arguments);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Finished> RunAsync(params string[] arguments)
    {
        await using var program = Start(null, arguments);
        return await program.EndAsync(TimeSpan.FromSeconds(90));
    }

    /// <summary>Ctrl-C.</summary>
    public void PressCtrlC() => Signal(Interrupt);

    /// <summary>Pulls the plug.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until the program ends by itself.</summary>
    public async Task<Finished> EndAsync(TimeSpan patience)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            _process.Kill();
            throw new TimeoutException($"twin {string.Join(' ', _process.StartInfo.ArgumentList.Skip(2))} did not end within {patience}.\n{Output}\n{Errors}", e);
        }

        return new Finished(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until something is so, or fails with what the program said.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        var give = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(HasExited, $"The program ended while waiting for {what}.\n{Output}\n{Errors}");
            Assert.True(give.Elapsed < (patience ?? TimeSpan.FromSeconds(60)), $"Waited in vain for {what}.\n{Output}\n{Errors}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Interrupt);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Signal(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("A signal to another process needs a Unix system.");
        }

        _ = SendSignal(_process.Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
