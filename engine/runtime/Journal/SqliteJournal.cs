using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Runtime.Journal;

/// <summary>A journal in one SQLite file.</summary>
/// <remarks>
/// Table <c>entry(seq, kind, at, body, digest)</c>. The digest of a row is the first 16 bytes of SHA-256 over the digest of the row
/// before, seq, kind, at and body: a changed, missing, swapped or torn row breaks the chain and is found when the file is opened.
/// Rows behind a break are moved to table <c>set_aside</c>, never deleted, and reported.
/// WAL with <c>synchronous=FULL</c>: a commit returns after the log is flushed to the device, so acknowledged means on disk.
/// One commit carries all entries of a step of the writer (group commit), which is what pays for the flush.
/// </remarks>
public sealed class SqliteJournal : IJournal
{
    /// <summary>Version of the layout of tables and bodies.</summary>
    public const int SchemaVersion = 1;

    private const int DigestLength = 16;
    private const int RunsKept = 3;
    private readonly string _path;
    private readonly string _fingerprint;
    private readonly TimeProvider _time;
    private readonly byte[] _digest = new byte[DigestLength];
    private SqliteConnection _connection;
    private SqliteCommand _insert;

    private SqliteJournal(string path, string fingerprint, TimeProvider time)
    {
        _path = path;
        _fingerprint = fingerprint;
        _time = time;
        (_connection, _insert) = OpenFile();
    }

    public long Count { get; private set; }

    public JournalDamage? Damage { get; private set; }

    /// <summary>Opens or creates a journal.</summary>
    /// <param name="fingerprint">What the rows' indices depend on (<see cref="Fingerprint"/>); must match what the file was begun with.</param>
    /// <exception cref="JournalException">The file is no journal, is of a newer layout, or belongs to another scenario.</exception>
    public static SqliteJournal Open(string path, string fingerprint, TimeProvider? time = null)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new SqliteJournal(path, fingerprint, time ?? TimeProvider.System);
        }
        catch (SqliteException e)
        {
            throw new JournalException($"{path}: not a usable journal ({e.Message}). Maybe another twin has it open, or the file is damaged: move it away to begin a new one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{path}: cannot be written ({e.Message}). Maybe choose another data folder with --data.", e);
        }
    }

    public void Append(IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Span<byte> digest = stackalloc byte[DigestLength];
        _digest.CopyTo(digest);
        var sequence = Count;
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (var entry in entries)
        {
            sequence++;
            Chain(digest, sequence, (byte)entry.Kind, at, entry.Body);
            _insert.Parameters[0].Value = sequence;
            _insert.Parameters[1].Value = (int)entry.Kind;
            _insert.Parameters[2].Value = at;
            _insert.Parameters[3].Value = entry.Body;
            _insert.Parameters[4].Value = digest.ToArray();
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
        digest.CopyTo(_digest);
        Count = sequence;
    }

    public IEnumerable<JournalEntry> Read(long after = 0)
    {
        using var select = _connection.CreateCommand();
        select.CommandText = "SELECT kind, body FROM entry WHERE seq > $after ORDER BY seq";
        select.Parameters.AddWithValue("$after", after);
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            yield return new JournalEntry((JournalEntryKind)reader.GetInt32(0), (byte[])reader.GetValue(1));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file is renamed to <c>….1.db</c>; the three latest such files are kept.</remarks>
    public void StartOver()
    {
        Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
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
        Array.Clear(_digest);
        Count = 0;
        Damage = null;
        (_connection, _insert) = OpenFile();

        string Kept(int n) => string.Create(CultureInfo.InvariantCulture, $"{stem}.{n}.db");
    }

    public void Dispose() => Close();

    private (SqliteConnection Connection, SqliteCommand Insert) OpenFile()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA locking_mode=EXCLUSIVE;");
            Execute(connection, """
                CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS entry(seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL);
                CREATE TABLE IF NOT EXISTS set_aside(seq INTEGER, kind INTEGER, at INTEGER, body BLOB, digest BLOB);
                """);
            CheckMeta(connection);
            Verify(connection);
            var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO entry(seq, kind, at, body, digest) VALUES ($seq, $kind, $at, $body, $digest)";
            foreach (var name in (string[])["$seq", "$kind", "$at", "$body", "$digest"])
            {
                insert.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            return (connection, insert);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CheckMeta(SqliteConnection connection)
    {
        var schema = Meta(connection, "schema");
        if (schema is null)
        {
            SetMeta(connection, "schema", SchemaVersion.ToString(CultureInfo.InvariantCulture));
            SetMeta(connection, "fingerprint", _fingerprint);
            return;
        }

        if (schema != SchemaVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new JournalException($"{_path}: journal layout {schema} is not the layout {SchemaVersion} of this version. Maybe it was written by a newer twin: use that, or another data folder with --data.");
        }

        if (Meta(connection, "fingerprint") is var known && known != _fingerprint)
        {
            throw new JournalException($"{_path}: this journal belongs to another scenario or an older form of it (fingerprint {known}, now {_fingerprint}): its equipment, routings or orders differ. "
                + "Maybe put the old scenario back, choose another data folder with --data, or move the file away to begin anew.");
        }
    }

    /// <summary>Walks the chain; rows behind the first break are set aside.</summary>
    private void Verify(SqliteConnection connection)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        var sequence = 0L;
        var broken = "";
        try
        {
            using var select = connection.CreateCommand();
            select.CommandText = "SELECT seq, kind, at, body, digest FROM entry ORDER BY seq";
            using var reader = select.ExecuteReader();
            Span<byte> next = stackalloc byte[DigestLength];
            while (reader.Read())
            {
                digest.CopyTo(next);
                var at = reader.GetInt64(0);
                Chain(next, at, (byte)reader.GetInt32(1), reader.GetInt64(2), (byte[])reader.GetValue(3));
                if (at != sequence + 1 || !next.SequenceEqual((byte[])reader.GetValue(4)))
                {
                    broken = at != sequence + 1 ? $"row {sequence + 1} is missing" : $"row {at} does not match its checksum";
                    break;
                }

                next.CopyTo(digest);
                sequence = at;
            }
        }
        catch (SqliteException e)
        {
            broken = $"rows after {sequence} cannot be read ({e.Message})";
        }

        if (broken.Length > 0)
        {
            SetAside(connection, sequence, broken);
        }

        Count = sequence;
        digest.CopyTo(_digest);
    }

    private void SetAside(SqliteConnection connection, long sequence, string broken)
    {
        var rows = 0L;
        try
        {
            var after = sequence.ToString(CultureInfo.InvariantCulture);
            rows = Execute(connection, $"INSERT INTO set_aside SELECT * FROM entry WHERE seq > {after}");
            Execute(connection, $"DELETE FROM entry WHERE seq > {after}");
        }
        catch (SqliteException e)
        {
            throw new JournalException($"{_path}: damaged beyond row {sequence} ({broken}), and the sound part cannot be separated ({e.Message}). Maybe restore a backup, or move the file away to begin anew.", e);
        }

        Damage = new JournalDamage(sequence, rows, $"{_path}: {broken}; the twin goes on from row {sequence}, and {rows} rows behind it are kept in table set_aside");
    }

    private static void Chain(Span<byte> digest, long sequence, byte kind, long at, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[DigestLength + 17];
        digest.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head[DigestLength..], sequence);
        head[DigestLength + 8] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[(DigestLength + 9)..], at);
        hash.AppendData(head);
        hash.AppendData(body);
        Span<byte> full = stackalloc byte[32];
        hash.GetHashAndReset(full);
        full[..DigestLength].CopyTo(digest);
    }

    private static string? Meta(SqliteConnection connection, string key)
    {
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT value FROM meta WHERE key = $key";
        select.Parameters.AddWithValue("$key", key);
        return select.ExecuteScalar() as string;
    }

    private static void SetMeta(SqliteConnection connection, string key, string value)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO meta(key, value) VALUES ($key, $value)";
        insert.Parameters.AddWithValue("$key", key);
        insert.Parameters.AddWithValue("$value", value);
        insert.ExecuteNonQuery();
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private void Close()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
