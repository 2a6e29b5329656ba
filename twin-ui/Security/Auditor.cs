using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Ui.Security;

/// <summary>A command that somebody gave.</summary>
/// <param name="Who">Name of the caller.</param>
/// <param name="Plant">Id of the plant; empty where it was about the server itself.</param>
/// <param name="What">The command, with what it was given.</param>
/// <param name="Before">What stood before, in words; empty where nothing did.</param>
/// <param name="After">What stands after.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
public sealed record AuditEntry(string Who, string? Firm, string Plant, string What, string Before, string After, string Outcome);

/// <summary>An entry as it is kept.</summary>
/// <param name="Number">From 1, without gaps.</param>
public sealed record KeptEntry(long Number, DateTimeOffset At, AuditEntry Entry);

/// <summary>What is asked of the audit.</summary>
/// <param name="Before">Only entries before this number; the newest are answered first.</param>
/// <param name="Limit">Entries on the page, 1–1000.</param>
public sealed record AuditQuery(string? Plant = null, string? Who = null, string? Words = null, long? Before = null, int Limit = 100);

/// <summary>The audit: every command, appended, never changed. Each entry carries the digest of the one before it, so that nothing can be
/// changed, put in or taken out without <see cref="Verify"/> finding the place; the table refuses changes besides.</summary>
public sealed class Auditor(SecurityDatabase database, TimeProvider time)
{
    private const string Columns = "number, at, who, firm, plant, what, before, after, outcome, hash";
    private readonly Lock _gate = new();

    /// <summary>Appends an entry; it is on disk when this returns.</summary>
    public void Write(AuditEntry entry)
    {
        lock (_gate)
        {
            using var connection = database.Open();
            using var transaction = connection.BeginTransaction(deferred: false);
            var last = SecurityDatabase.Rows(connection, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", r => (Number: r.GetInt64(0), Hash: (byte[])r[1])).FirstOrDefault();
            var kept = new KeptEntry(last.Number + 1, time.GetUtcNow(), entry);
            SecurityDatabase.Run(
                connection, $"INSERT INTO audit({Columns}) VALUES($0,$1,$2,$3,$4,$5,$6,$7,$8,$9)",
                kept.Number, SecurityDatabase.Stored(kept.At), entry.Who, entry.Firm, entry.Plant, entry.What, entry.Before, entry.After, entry.Outcome, Hash(kept, last.Hash ?? []));
            transaction.Commit();
        }
    }

    /// <summary>Entries that fit, the newest first.</summary>
    public IReadOnlyList<KeptEntry> Find(AuditQuery query)
    {
        if (!database.Exists)
        {
            return [];
        }

        using var connection = database.Open();
        return SecurityDatabase.Rows(
            connection,
            $"""
            SELECT {Columns} FROM audit
            WHERE ($0 IS NULL OR plant = $0) AND ($1 IS NULL OR who = $1 COLLATE NOCASE) AND ($3 IS NULL OR number < $3)
              AND ($2 IS NULL OR instr(lower(what || ' ' || before || ' ' || after || ' ' || outcome), lower($2)) > 0)
            ORDER BY number DESC LIMIT $4
            """,
            Read, query.Plant, query.Who, query.Words, query.Before, Math.Clamp(query.Limit, 1, 1000));
    }

    /// <summary>Looks through the chain.</summary>
    /// <returns>How many entries are sound, and the number of the first that is not (or is missing); <c>null</c> when all are sound.</returns>
    public (long Sound, long? Broken) Verify()
    {
        if (!database.Exists)
        {
            return (0, null);
        }

        using var connection = database.Open();
        byte[] last = [];
        var number = 0L;
        foreach (var (kept, hash) in SecurityDatabase.Rows(connection, $"SELECT {Columns} FROM audit ORDER BY number", r => (Read(r), (byte[])r[9])))
        {
            if (kept.Number != number + 1 || !hash.AsSpan().SequenceEqual(Hash(kept, last)))
            {
                return (number, number + 1);
            }

            (last, number) = (hash, kept.Number);
        }

        return (number, null);
    }

    private static byte[] Hash(KeptEntry kept, byte[] last)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            // Every part with its length before it: no two entries have the same bytes.
            writer.Write(last.Length);
            writer.Write(last);
            writer.Write(kept.Number);
            foreach (var part in (string?[])[SecurityDatabase.Stored(kept.At), kept.Entry.Who, kept.Entry.Firm, kept.Entry.Plant, kept.Entry.What, kept.Entry.Before, kept.Entry.After, kept.Entry.Outcome])
            {
                writer.Write(part is not null);
                writer.Write(part ?? "");
            }
        }

        return SHA256.HashData(bytes.ToArray());
    }

    private static KeptEntry Read(SqliteDataReader r) => new(
        r.GetInt64(0), SecurityDatabase.Moment(r, 1)!.Value,
        new AuditEntry(r.GetString(2), SecurityDatabase.Text(r, 3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetString(8)));
}
