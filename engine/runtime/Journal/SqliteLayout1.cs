using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Journals of the first layout: one table row per entry, each with a digest over itself and the one before. Taken over when opened.</summary>
internal static class SqliteLayout1
{
    /// <summary>The names that the numbers of event kinds stood for when that layout was written.</summary>
    private const string Kinds =
        "None,OrderReleased,OrderCompleted,OrderCancelled,JobReady,JobAssigned,SetupStarted,SetupEnded,CleaningStarted,CleaningEnded,BatchStarted,PhaseStarted,BatchHeld,BatchResumed,"
        + "AdditionStarted,BatchBlocked,BatchEnded,BatchRework,Scrapped,EquipmentDown,RepairStarted,RepairEnded,MaintenanceStarted,MaintenanceEnded,ShiftEnded,ShiftStarted,SourceLost,"
        + "SourceRecovered,JobLocked,JobUnlocked,ScheduleApplied,ScheduleRevoked,JobWaits,UtilityRate,MaterialRequested,MaterialShort,MaterialAllocated,MaterialConsumed,SupplyOrdered,"
        + "SupplyExpected,SupplyReceived,LotHeld,LotReleased,LotScrapped,LotProduced,CrewRequested,CrewAssigned,CrewShiftChanged,RepairInterrupted,SideJobStarted,SideJobInterrupted,"
        + "SideJobEnded,BatchRestarted,PieceCompleted,ReservationOffered,ReservationHeld,ReservationConfirmed,ReservationUsed,ReservationRecalled,ReservationExpired,ReservationReleased,"
        + "MakeUpReleased,LotCounted,WearBegun,PotentialFailure,ConditionMeasured,MaintenanceOrdered,MaintenanceTakenUp,UtilityWorked,LineStopped,LineResumed,FixtureChangeStarted,"
        + "FixtureReady,TransportStarted,VehicleArrived";

    private const int DigestLength = 16;
    private const int SegmentBytes = 2 << 20;

    /// <summary>Takes a journal of the first layout over in one transaction; leaves others alone. Rows behind a break of its chain stay in table
    /// <c>entry_1</c>.</summary>
    public static void Upgrade(string path, SqliteConnection connection, Action<DbConnection> createTables)
    {
        if (!Has(connection, "entry"))
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        Run(connection, "ALTER TABLE entry RENAME TO entry_1");
        if (Has(connection, "set_aside"))
        {
            Run(connection, "ALTER TABLE set_aside RENAME TO set_aside_1");
        }

        createTables(connection);
        var rows = 0L;
        var clock = 0L;
        foreach (var group in Grouped(Sound(connection)))
        {
            var events = group.Sum(r => EntryCodec.Count(r.Entry));
            clock = group.Max(r => Math.Max(clock, EntryCodec.LatestMs(r.Entry)));
            var segment = SegmentCodec.Seal(
                new Segment(rows + 1, group.Count, events, clock, group[^1].At, 1, SegmentFormat.Plain, 0), SegmentCodec.Pack([.. group.Select(r => r.Entry)]));
            Insert(connection, segment);
            rows += group.Count;
        }

        var behind = Number(connection, $"SELECT count(*) FROM entry_1 WHERE seq > {rows.ToString(CultureInfo.InvariantCulture)}");
        Run(connection, $"INSERT OR REPLACE INTO meta(key, value) VALUES ('{SegmentJournal.LayoutKey}', '{SegmentJournal.LayoutVersion}')");
        Run(connection, $"INSERT OR REPLACE INTO meta(key, value) VALUES ('{KindNames.KeyOf(1)}', '{Kinds}')");
        if (behind == 0)
        {
            Run(connection, "DROP TABLE entry_1");
        }
        else
        {
            Run(connection, $"INSERT OR REPLACE INTO meta(key, value) VALUES ('{SegmentJournal.DamageKey}', '{rows}\t{behind}\t{path.Replace("'", "''", StringComparison.Ordinal)}: row {rows + 1} of the old layout does not match its checksum; the twin goes on from row {rows}, and {behind} rows behind it are kept in table entry_1')");
        }

        transaction.Commit();
    }

    private static IEnumerable<List<(JournalEntry Entry, long At)>> Grouped(IEnumerable<(JournalEntry Entry, long At)> rows)
    {
        var group = new List<(JournalEntry, long)>();
        var bytes = 0;
        foreach (var row in rows)
        {
            group.Add(row);
            bytes += row.Entry.Body.Length;
            if (bytes >= SegmentBytes)
            {
                yield return group;
                group = [];
                bytes = 0;
            }
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    /// <summary>Rows up to the first that breaks the chain.</summary>
    private static IEnumerable<(JournalEntry Entry, long At)> Sound(SqliteConnection connection)
    {
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT seq, kind, at, body, digest FROM entry_1 ORDER BY seq";
        using var reader = select.ExecuteReader();
        var digest = new byte[DigestLength];
        for (var sequence = 1L; reader.Read() && reader.GetInt64(0) == sequence; sequence++)
        {
            var (kind, at, body) = ((byte)reader.GetInt32(1), reader.GetInt64(2), (byte[])reader.GetValue(3));
            Chain(digest, sequence, kind, at, body);
            if (!digest.AsSpan().SequenceEqual((byte[])reader.GetValue(4)))
            {
                yield break;
            }

            yield return (new JournalEntry((JournalEntryKind)kind, body), at);
        }
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

    private static void Insert(SqliteConnection connection, Segment s)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO segment(first, row_count, event_count, clock, at, kinds, format, size, body) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)";
        foreach (var (value, i) in ((object[])[s.First, s.Rows, s.Events, s.ClockMs, s.At, s.Kinds, (int)s.Format, s.Size, s.Body!]).Select((v, i) => (v, i)))
        {
            insert.Parameters.AddWithValue($"@p{i.ToString(CultureInfo.InvariantCulture)}", value);
        }

        insert.ExecuteNonQuery();
    }

    private static bool Has(SqliteConnection connection, string table) => Number(connection, $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'") > 0;

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class, and a path with its quotes doubled
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
