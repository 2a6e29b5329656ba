using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Segments in one SQLite file.</summary>
/// <remarks>
/// WAL with <c>synchronous=FULL</c>: a commit returns after the log is flushed to the device, so acknowledged means on disk. Readers have
/// connections of their own and hold up nobody. A file beside it, locked while it is open, keeps a second twin out.
/// </remarks>
internal sealed class SqliteStore : SqlStore
{
    private const int RunsKept = 3;
    private readonly string _path;
    private readonly bool _readOnly;
    private readonly ConcurrentBag<DbConnection> _readers = [];
    private readonly FileStream? _lock;
    private SqliteConnection? _writer;

    private SqliteStore(string path, bool readOnly)
    {
        _path = path;
        _readOnly = readOnly;
        if (!readOnly)
        {
            _lock = Lock(path + "-lock");
        }

        try
        {
            _writer = OpenWriter();
        }
        catch
        {
            _lock?.Dispose();
            throw;
        }
    }

    public override string Name => _path;

    protected override string Blob => "BLOB";

    protected override string BeginReading => "BEGIN";

    protected override DbConnection Writer => _writer ??= OpenWriter();

    /// <summary>Opens or creates a file.</summary>
    /// <exception cref="JournalException">It is no journal, another twin has it open, or it cannot be written.</exception>
    public static SqliteStore Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new SqliteStore(path, readOnly: false);
        }
        catch (Exception e)
        {
            throw Unusable(path, e) ?? e;
        }
    }

    /// <summary>Opens a file only to read it, beside a twin that may be writing it.</summary>
    /// <exception cref="JournalException">It is not there, or no journal.</exception>
    public static SqliteStore OpenToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new JournalException($"{path}: there is no such file. Maybe another data folder, or another plant?");
        }

        try
        {
            return new SqliteStore(path, readOnly: true);
        }
        catch (Exception e)
        {
            throw Unusable(path, e) ?? e;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file is renamed to <c>….1.db</c>; the three latest such files are kept.</remarks>
    public override void StartOver()
    {
        Execute(Writer, "PRAGMA wal_checkpoint(TRUNCATE)");
        Close();
        var stem = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, Path.GetFileNameWithoutExtension(_path));
        File.Delete(Kept(RunsKept));
        for (var i = RunsKept - 1; i >= 1; i--)
        {
            if (File.Exists(Kept(i)))
            {
                File.Move(Kept(i), Kept(i + 1));
            }
        }

        File.Move(_path, Kept(1));
        File.Delete(_path + "-wal");
        File.Delete(_path + "-shm");
        _writer = OpenWriter();

        string Kept(int n) => string.Create(CultureInfo.InvariantCulture, $"{stem}.{n}.db");
    }

    public override void Dispose()
    {
        base.Dispose();
        Close();
        _lock?.Dispose();
    }

    protected override DbConnection Borrow() => _readers.TryTake(out var reader) ? reader : Connect(_path, SqliteOpenMode.ReadOnly);

    protected override void Return(DbConnection connection, bool sound)
    {
        if (sound)
        {
            _readers.Add(connection);
        }
        else
        {
            connection.Dispose();
        }
    }

    protected override void OnWriteFailed()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private static JournalException? Unusable(string path, Exception e) => e switch
    {
        SqliteException => new JournalException($"{path}: not a usable journal ({e.Message}). Maybe another twin has it open, or the file is damaged: move it away to begin a new one.", e),
        IOException or UnauthorizedAccessException => new JournalException($"{path}: cannot be written ({e.Message}). Maybe choose another data folder with --data.", e),
        _ => null,
    };

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new JournalException($"{path[..^"-lock".Length]}: in use. Maybe another twin has it open: stop that one, or choose another data folder with --data.", e);
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10, Mode = mode }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenWriter()
    {
        var connection = Connect(_path, _readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (_readOnly)
            {
                Execute(connection, "SELECT count(*) FROM sqlite_master");
                return connection;
            }

            Execute(connection, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
            SqliteLayout1.Upgrade(_path, connection, CreateTables);
            CreateTables(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Close()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer?.Dispose();
        _writer = null;
    }
}
