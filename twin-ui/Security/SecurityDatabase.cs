using Microsoft.Data.Sqlite;

namespace DigitalTwin.Ui.Security;

/// <summary>Users, keys and the audit of a server: <c>security.db</c> in its data folder. Made when the first user, key or command is written.</summary>
public sealed class SecurityDatabase
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS users(
            name TEXT PRIMARY KEY, shown TEXT NOT NULL, role TEXT NOT NULL, firm TEXT, password TEXT, stamp TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, locked_until TEXT, disabled INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS api_keys(
            prefix TEXT PRIMARY KEY, hash BLOB NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, firm TEXT,
            created TEXT NOT NULL, expires TEXT, revoked TEXT, used TEXT);
        CREATE TABLE IF NOT EXISTS audit(
            number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, firm TEXT, plant TEXT NOT NULL, what TEXT NOT NULL,
            before TEXT NOT NULL, after TEXT NOT NULL, outcome TEXT NOT NULL, hash BLOB NOT NULL);
        CREATE TRIGGER IF NOT EXISTS audit_is_final BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit cannot be edited'); END;
        CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit cannot be deleted from'); END;
        CREATE TABLE IF NOT EXISTS answers(
            caller TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL, type TEXT, headers TEXT NOT NULL,
            body BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY(caller, key));
        """;

    private readonly string _file;
    private readonly Lock _gate = new();
    private bool _made;

    /// <param name="folder">Data folder of the server.</param>
    public SecurityDatabase(string folder) => _file = Path.Combine(folder, "security.db");

    /// <summary>Whether anybody was ever set up here.</summary>
    public bool Exists => File.Exists(_file);

    /// <summary>A connection to the database, made with its tables when it is missing.</summary>
    public SqliteConnection Open()
    {
        lock (_gate)
        {
            if (!_made)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_file))!);
            }

            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false, DefaultTimeout = 10 }.ToString());
            connection.Open();
            if (!_made)
            {
                Run(connection, "PRAGMA journal_mode=WAL;" + Schema);
                OnlyForOwner();
                _made = true;
            }

            return connection;
        }
    }

    /// <summary>Runs a statement; parameters are <c>$0</c>, <c>$1</c>, …</summary>
    public static int Run(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query.</summary>
    public static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Text of a column, or <c>null</c>.</summary>
    public static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A moment of a column, or <c>null</c>.</summary>
    public static DateTimeOffset? Moment(SqliteDataReader reader, int column) =>
        Text(reader, column) is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>A moment as it is stored: UTC, sortable as text.</summary>
    public static string? Stored(DateTimeOffset? moment) => moment?.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static SqliteCommand Command(SqliteConnection connection, string sql, object?[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${i}"), values[i] ?? DBNull.Value);
        }

        return command;
    }

    private void OnlyForOwner()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
