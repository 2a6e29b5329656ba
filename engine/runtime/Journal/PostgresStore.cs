using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Segments in a PostgreSQL database, each plant in a schema of its own.</summary>
/// <remarks>
/// A commit returns after the server has flushed its log (<c>synchronous_commit=on</c> is set for the session). An advisory lock of the
/// writing connection keeps a second twin out. A connection that was lost is opened anew at the next write.
/// </remarks>
internal sealed class PostgresStore : SqlStore
{
    private const int RunsKept = 3;
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private NpgsqlConnection? _writer;

    private PostgresStore(NpgsqlDataSource source, string schema, string name, bool readOnly)
    {
        _source = source;
        _schema = schema;
        Name = name;
        if (!readOnly)
        {
            _writer = OpenWriter(patience: 50);
            return;
        }

        using var connection = source.OpenConnection();
        if (!HasTables(connection))
        {
            throw new JournalException($"{name}: there is no such schema. Maybe another plant, or another database?");
        }
    }

    public override string Name { get; }

    protected override string Blob => "BYTEA";

    protected override string BeginReading => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    protected override DbConnection Writer => _writer ??= OpenWriter(patience: 3);

    /// <summary>Opens or creates a plant's schema.</summary>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=…;Port=…;Username=…;Password=…;Database=…</c>.</param>
    /// <exception cref="JournalException">The server does not answer, refuses, or another twin has the plant open.</exception>
    public static PostgresStore Open(string connectionString, string plant) => Open(connectionString, plant, readOnly: false);

    /// <summary>Opens a plant's schema only to read it, beside a twin that may be writing it.</summary>
    /// <exception cref="JournalException">It is not there, or the server does not answer.</exception>
    public static PostgresStore OpenToRead(string connectionString, string plant) => Open(connectionString, plant, readOnly: true);

    private static PostgresStore Open(string connectionString, string plant, bool readOnly)
    {
        string where;
        NpgsqlDataSource source;
        var schema = SchemaOf(plant);
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = $"\"{schema}\"", NoResetOnClose = true };
            builder.Timeout = Math.Min(builder.Timeout, 5);
            builder.CommandTimeout = Math.Max(builder.CommandTimeout, 60);
            where = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {builder.Host}:{builder.Port}/{builder.Database}, schema {schema}");
            source = new NpgsqlDataSourceBuilder(builder.ToString()).Build();
        }
        catch (ArgumentException e)
        {
            throw new JournalException($"--database cannot be read ({e.Message}). Maybe \"Host=localhost;Username=twin;Password=…;Database=twin\".", e);
        }

        try
        {
            return new PostgresStore(source, schema, where, readOnly);
        }
        catch (Exception e) when (e is DbException or TimeoutException or JournalException)
        {
            source.Dispose();
            throw e as JournalException
                ?? new JournalException($"{where}: cannot be used ({e.Message.TrimEnd('.')}). Maybe the server is not running, or the user may not create schemas in this database.", e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The schema is renamed to <c>…_1</c>; the three latest are kept.</remarks>
    public override void StartOver()
    {
        var connection = (NpgsqlConnection)Writer;
        using (var transaction = connection.BeginTransaction())
        {
            Execute(connection, $"DROP SCHEMA IF EXISTS \"{Kept(RunsKept)}\" CASCADE");
            for (var i = RunsKept - 1; i >= 1; i--)
            {
                if (Rows(connection, $"SELECT 1 FROM pg_namespace WHERE nspname = '{Kept(i)}'", _ => true).Count > 0)
                {
                    Execute(connection, $"ALTER SCHEMA \"{Kept(i)}\" RENAME TO \"{Kept(i + 1)}\"");
                }
            }

            Execute(connection, $"ALTER SCHEMA \"{_schema}\" RENAME TO \"{Kept(1)}\"");
            MakeSchema(connection);
            transaction.Commit();
        }

        string Kept(int n) => string.Create(CultureInfo.InvariantCulture, $"{_schema}_{n}");
    }

    public override void Dispose()
    {
        base.Dispose();
        _writer?.Dispose();
        _source.Dispose();
    }

    protected override DbConnection Borrow() => _source.OpenConnection();

    protected override void Return(DbConnection connection, bool sound) => connection.Dispose();

    protected override void OnWriteFailed()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>A schema's name may have 63 bytes and is put between double quotes.</summary>
    private static string SchemaOf(string plant)
    {
        var name = "twin_" + string.Concat(plant.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return name.Length <= 50 && name[5..] == plant ? name : string.Concat(name.AsSpan(0, Math.Min(name.Length, 40)), "_", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plant)), 0, 4));
    }

    private NpgsqlConnection OpenWriter(int patience)
    {
        var connection = _source.OpenConnection();
        try
        {
            Execute(connection, "SET synchronous_commit = on");
            TakeLock(connection, patience);
            MakeSchema(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A twin that was killed leaves its lock as soon as the server has noticed.</summary>
    private void TakeLock(NpgsqlConnection connection, int patience)
    {
        var key = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(_schema)));
        for (var i = 0; ; i++)
        {
            using var command = Command(connection, "SELECT pg_try_advisory_lock(@p0)", key);
            if (command.ExecuteScalar() is true)
            {
                return;
            }

            if (i >= patience)
            {
                throw new JournalException($"{Name}: in use. Maybe another twin has it open: stop that one, or use another database with --database.");
            }

            Thread.Sleep(100); // the server has not noticed yet that the former holder is gone: opening waits, nothing else does
        }
    }

    private void MakeSchema(NpgsqlConnection connection)
    {
        if (HasTables(connection))
        {
            return;
        }

        Execute(connection, $"CREATE SCHEMA IF NOT EXISTS \"{_schema}\"");
        CreateTables(connection);

        // Bodies do not compress: do not let the server try.
        Execute(connection, "ALTER TABLE segment ALTER COLUMN body SET STORAGE EXTERNAL; ALTER TABLE snapshot ALTER COLUMN fold SET STORAGE EXTERNAL; ALTER TABLE snapshot ALTER COLUMN bars SET STORAGE EXTERNAL;");
    }

    private bool HasTables(NpgsqlConnection connection) =>
        Rows(connection, $"SELECT 1 FROM pg_tables WHERE schemaname = '{_schema}' AND tablename = 'set_aside'", _ => true).Count > 0;
}
