using System.Data;
using System.Data.Common;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Segments in tables, in the SQL that SQLite and PostgreSQL have in common.</summary>
/// <remarks>Tables <c>meta(key, value)</c>, <c>segment(first, …, body)</c>, <c>snapshot(seq, …, fold, bars)</c> and <c>set_aside</c>, where torn tails are kept.</remarks>
internal abstract class SqlStore : ISegmentStore
{
    private const string SegmentColumns = "first, row_count, event_count, clock, at, kinds, format, size";

    private DbConnection? _frozen;

    /// <summary>For people: where it is.</summary>
    public abstract string Name { get; }

    /// <summary>Name of the type of bytes.</summary>
    protected abstract string Blob { get; }

    /// <summary>The one connection that writes; opened anew when it was lost.</summary>
    protected abstract DbConnection Writer { get; }

    /// <summary>Makes what is missing.</summary>
    protected void CreateTables(DbConnection connection) => Execute(connection, $"""
        CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS segment(first BIGINT PRIMARY KEY, row_count INTEGER NOT NULL, event_count INTEGER NOT NULL, clock BIGINT NOT NULL, at BIGINT NOT NULL,
            kinds INTEGER NOT NULL, format INTEGER NOT NULL, size INTEGER NOT NULL, body {Blob} NOT NULL);
        CREATE TABLE IF NOT EXISTS snapshot(seq BIGINT PRIMARY KEY, clock BIGINT NOT NULL, bars_from BIGINT NOT NULL, bars_to BIGINT NOT NULL, fold {Blob}, bars {Blob} NOT NULL);
        CREATE TABLE IF NOT EXISTS set_aside(first BIGINT, row_count INTEGER, event_count INTEGER, clock BIGINT, at BIGINT, kinds INTEGER, format INTEGER, size INTEGER, body {Blob});
        """);

    /// <summary>A connection to read with, given back by <see cref="Return"/>.</summary>
    protected abstract DbConnection Borrow();

    protected abstract void Return(DbConnection connection, bool sound);

    /// <summary>What became of the writing connection after an error.</summary>
    protected abstract void OnWriteFailed();

    /// <summary>Begins a transaction that sees what there is now, whatever a twin writes meanwhile.</summary>
    protected abstract string BeginReading { get; }

    /// <summary>From now on everything is read as it is now, by one thread: for a copy that belongs together.</summary>
    public void Freeze()
    {
        var connection = Guarded(Borrow);
        Guarded(() => Execute(connection, BeginReading));
        _frozen = connection;
    }

    public abstract void StartOver();

    public virtual void Dispose() => _frozen?.Dispose();

    public IReadOnlyDictionary<string, string> Meta() => Reading(c =>
        Rows(c, "SELECT key, value FROM meta", r => (r.GetString(0), r.GetString(1))).ToDictionary(m => m.Item1, m => m.Item2, StringComparer.Ordinal));

    public IReadOnlyList<Segment> Segments() => Reading(c => Rows(c, $"SELECT {SegmentColumns} FROM segment ORDER BY first", SegmentOf));

    public IReadOnlyList<SnapshotHead> Snapshots() => Reading(c => Rows(
        c, "SELECT seq, clock, bars_from, bars_to, fold IS NOT NULL FROM snapshot ORDER BY seq",
        r => new SnapshotHead(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), Convert.ToBoolean(r.GetValue(4), System.Globalization.CultureInfo.InvariantCulture))));

    public byte[]? ReadSegment(long first) => ReadBytes("SELECT body FROM segment WHERE first = @p0", first);

    public byte[]? ReadSnapshot(long sequence) => ReadBytes("SELECT fold FROM snapshot WHERE seq = @p0", sequence);

    public byte[]? ReadBars(long sequence) => ReadBytes("SELECT bars FROM snapshot WHERE seq = @p0", sequence);

    public void Write(StoreChange change) => Writing(connection =>
    {
        using var transaction = connection.BeginTransaction();
        foreach (var (key, value) in change.Meta)
        {
            Execute(connection, "INSERT INTO meta(key, value) VALUES (@p0, @p1) ON CONFLICT(key) DO UPDATE SET value = excluded.value", key, value);
        }

        foreach (var first in change.SetAside)
        {
            Execute(connection, $"INSERT INTO set_aside({SegmentColumns}, body) SELECT {SegmentColumns}, body FROM segment WHERE first = @p0", first);
            Execute(connection, "DELETE FROM segment WHERE first = @p0", first);
        }

        foreach (var first in change.Remove)
        {
            Execute(connection, "DELETE FROM segment WHERE first = @p0", first);
        }

        foreach (var s in change.Add)
        {
            Execute(connection, $"INSERT INTO segment({SegmentColumns}, body) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
                s.First, s.Rows, s.Events, s.ClockMs, s.At, s.Kinds, (int)s.Format, s.Size, s.Body!);
        }

        WriteSnapshots(connection, change);
        transaction.Commit();
    });

    public void Probe() => Writing(connection =>
        Execute(connection, "INSERT INTO meta(key, value) VALUES ('probe', @p0) ON CONFLICT(key) DO UPDATE SET value = excluded.value", new string('.', 8192)));

    private static void WriteSnapshots(DbConnection connection, StoreChange change)
    {
        if (change.Snapshot is { } snapshot)
        {
            var head = snapshot.Head;
            Execute(connection, "DELETE FROM snapshot WHERE seq >= @p0", head.Sequence);
            Execute(connection, "INSERT INTO snapshot(seq, clock, bars_from, bars_to, fold, bars) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)",
                head.Sequence, head.ClockMs, head.BarsFrom, head.BarsTo,
                CheckedBytes.Sealed(snapshot.Fold.Span, [head.Sequence, head.ClockMs]), CheckedBytes.Sealed(snapshot.Bars.Span, [head.Sequence, head.BarsFrom, head.BarsTo]));
        }

        if (change.ForgetSnapshotsBefore > 0)
        {
            Execute(connection, "DELETE FROM snapshot WHERE seq < @p0", change.ForgetSnapshotsBefore);
        }

        foreach (var sequence in change.ThinSnapshots)
        {
            Execute(connection, "UPDATE snapshot SET fold = NULL WHERE seq = @p0", sequence);
        }
    }

    private static Segment SegmentOf(DbDataReader r) => new(
        r.GetInt64(0), r.GetInt32(1), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5), (SegmentFormat)r.GetInt32(6), r.GetInt32(7));

    private byte[]? ReadBytes(string sql, long key) => Reading(connection =>
    {
        using var command = Command(connection, sql, key);
        return command.ExecuteScalar() as byte[];
    });

    private T Reading<T>(Func<DbConnection, T> read)
    {
        if (_frozen is { } one)
        {
            return Guarded(() => read(one));
        }

        var connection = Guarded(Borrow);
        var sound = false;
        try
        {
            var result = Guarded(() => read(connection));
            sound = true;
            return result;
        }
        finally
        {
            Return(connection, sound);
        }
    }

    private void Writing(Action<DbConnection> write)
    {
        try
        {
            Guarded(() =>
            {
                write(Writer);
                return true;
            });
        }
        catch
        {
            OnWriteFailed();
            throw;
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException or TimeoutException)
        {
            throw new JournalException($"{Name}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Runs statements; returns how many rows they changed.</summary>
    protected static int Execute(DbConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>A command with values for @p0, @p1, …</summary>
    protected static DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this class and its heirs; values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"@p{i}");
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>All rows of a query.</summary>
    protected static List<T> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        using var command = Command(connection, sql);
        using var reader = command.ExecuteReader(CommandBehavior.SequentialAccess);
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
