using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;
using Xunit;

namespace DigitalTwin.Tests.Unit.Databases;

/// <summary>A real PostgreSQL server on a free loopback port with a data folder of its own, stopped by its process id.</summary>
/// <remarks>Binaries from <c>TWIN_POSTGRES_BIN</c>, or where Debian keeps them. PostgreSQL refuses to run as root: then it runs as user <c>postgres</c>.</remarks>
internal sealed class PostgresServer : IDisposable
{
    private const int Interrupt = 2; // fast shutdown
    private const int Quit = 3; // as if it had crashed
    private readonly string _binaries;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("twin-postgres-");
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer(string binaries)
    {
        _binaries = binaries;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111);
        }

        Run("initdb", "-D", Data, "-U", "twin", "--auth=trust", "--encoding=UTF8", "--no-sync");
        Start();
    }

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=twin;Database=postgres");

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>A server, or the test is skipped with a word.</summary>
    public static PostgresServer Create()
    {
        var binaries = new[] { Environment.GetEnvironmentVariable("TWIN_POSTGRES_BIN") ?? "" }
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")) : [])
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));
        Assert.SkipWhen(binaries is null, "Needs PostgreSQL: its folder of initdb in TWIN_POSTGRES_BIN (tests/run.sh installs it on Debian and Ubuntu).");
        return new PostgresServer(binaries!);
    }

    public void Start()
    {
        _process = Process.Start(Command("postgres", "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=2");
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (patience.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Ends the server at once, without a checkpoint: it recovers when it is started again.</summary>
    public void Crash() => End(Quit);

    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        End(Interrupt);
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the system cleans its temporary folder
        }
    }

    private void End(int signal)
    {
        if (_process is { HasExited: false } running)
        {
            _ = SendSignal(running.Id, signal);
            if (!running.WaitForExit(30_000))
            {
                running.Kill();
            }
        }

        _process?.Dispose();
        _process = null;
    }

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(Command(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}\n{output.Result}\n{errors.Result}");
    }

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName }
            : new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
