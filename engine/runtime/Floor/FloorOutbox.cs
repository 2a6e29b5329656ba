using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Runtime.Floor;

/// <summary>Commands on disk: one that was accepted is sent, also after a restart. Safe for concurrent callers.</summary>
public sealed class FloorOutbox : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _database;

    /// <param name="path">Of the file, made when missing; <c>null</c> keeps it in memory.</param>
    public FloorOutbox(string? path)
    {
        if (path is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }

        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path ?? ":memory:", Pooling = false }.ToString());
        _database.Open();
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("CREATE TABLE IF NOT EXISTS commands (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, job TEXT NOT NULL, over INTEGER NOT NULL, body TEXT NOT NULL)");
        Run("CREATE INDEX IF NOT EXISTS waiting ON commands (over, seq)");
        foreach (var sent in Waiting().Where(c => c.State == FloorCommandState.Sent))
        {
            Replace(sent with { State = FloorCommandState.Queued, Says = "the twin stopped before the floor answered" }); // sent again under the same id
        }
    }

    /// <summary>Keeps a command; the one that is there already when the id is known.</summary>
    public FloorCommand Add(FloorCommand command)
    {
        lock (_gate)
        {
            using var insert = _database.CreateCommand();
            insert.CommandText = "INSERT OR IGNORE INTO commands (id, job, over, body) VALUES ($id, $job, $over, $body)";
            Bind(insert, command);
            insert.ExecuteNonQuery();
            return Find(command.Id)!;
        }
    }

    /// <summary>Writes a command's new state.</summary>
    public void Replace(FloorCommand command)
    {
        lock (_gate)
        {
            using var update = _database.CreateCommand();
            update.CommandText = "UPDATE commands SET over = $over, body = $body, job = $job WHERE id = $id";
            Bind(update, command);
            update.ExecuteNonQuery();
        }
    }

    /// <summary>A command by its id, or <c>null</c>.</summary>
    public FloorCommand? Find(string id) => Read("SELECT body FROM commands WHERE id = $id", ("$id", id)).FirstOrDefault();

    /// <summary>Those that are not over, in the order given.</summary>
    public IReadOnlyList<FloorCommand> Waiting() => Read("SELECT body FROM commands WHERE over = 0 ORDER BY seq");

    /// <summary>The latest first.</summary>
    public IReadOnlyList<FloorCommand> Latest(int limit) => Read("SELECT body FROM commands ORDER BY seq DESC LIMIT $limit", ("$limit", limit));

    /// <summary>Those of one job, in the order given.</summary>
    public IReadOnlyList<FloorCommand> Of(string job) => Read("SELECT body FROM commands WHERE job = $job ORDER BY seq", ("$job", job));

    public void Dispose() => _database.Dispose();

    private List<FloorCommand> Read(string query, params (string Name, object Value)[] parameters)
    {
        lock (_gate)
        {
            using var select = _database.CreateCommand();
            select.CommandText = query;
            foreach (var (name, value) in parameters)
            {
                select.Parameters.AddWithValue(name, value);
            }

            using var reader = select.ExecuteReader();
            var found = new List<FloorCommand>();
            while (reader.Read())
            {
                found.Add(JsonSerializer.Deserialize(reader.GetString(0), FloorJson.Default.FloorCommand)!);
            }

            return found;
        }
    }

    private static void Bind(SqliteCommand statement, FloorCommand command)
    {
        statement.Parameters.AddWithValue("$id", command.Id);
        statement.Parameters.AddWithValue("$job", command.Job);
        statement.Parameters.AddWithValue("$over", command.IsOver ? 1 : 0);
        statement.Parameters.AddWithValue("$body", JsonSerializer.Serialize(command, FloorJson.Default.FloorCommand));
    }

    private void Run(string statement)
    {
        using var command = _database.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}

/// <summary>JSON of commands and answers, on disk and on the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FloorCommand))]
[JsonSerializable(typeof(FloorMessage))]
[JsonSerializable(typeof(FloorAnswer))]
[JsonSerializable(typeof(FloorSettings))]
public sealed partial class FloorJson : JsonSerializerContext;
