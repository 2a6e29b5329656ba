using System.Data.Common;
using System.Globalization;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DigitalTwin.Runtime.Doors;

/// <summary>New rows of a view, read again and again.</summary>
/// <remarks>
/// The columns are fields of an observation, or what a mapping makes of them. How far it has come (the high-water mark) lies in a file beside the
/// journal and moves only when the rows are on disk. Each time, some rows below the mark are read again, because a transaction that began earlier may
/// commit later; they are recognised by their ids. A row without an id gets one of the door and its mark, so the mark must be unique then.
/// </remarks>
internal sealed class SqlDoor : PlantDoor
{
    private readonly SqlSettings _settings;
    private readonly HighWaterMark _mark;
    private HashSet<string> _delivered = new(StringComparer.Ordinal); // ids that the last look saw
    private string _reached;

    /// <param name="markFile">Where the high-water mark lies.</param>
    public SqlDoor(SqlSettings settings, string markFile, TwinSession session, TimeProvider time)
        : base(settings.Name, "sql", $"{settings.Database.ToString().ToLowerInvariant()}: {settings.View}", session, time)
    {
        _settings = settings;
        _mark = new HighWaterMark(markFile);
        _reached = _mark.Read() ?? "";
    }

    protected override string Detail => _reached.Length > 0 ? $"read up to {_settings.Mark} {_reached}" : "nothing read yet";

    protected override async Task WorkAsync(Action opened, CancellationToken stop)
    {
        await using var source = Open();
        while (true)
        {
            await using (var connection = await source.OpenConnectionAsync(stop))
            {
                Become(DoorStatus.Open, null);
                opened();
                while (await PullAsync(connection, stop))
                {
                }
            }

            await Task.Delay(_settings.Every, Time, stop);
        }
    }

    private DbDataSource Open()
    {
        var connection = _settings.Connection ?? Environment.GetEnvironmentVariable(_settings.ConnectionVariable!)
            ?? throw new DoorSettingsException($"the environment variable {_settings.ConnectionVariable} with the connection string is not set. Set it and start again.");
        try
        {
            return _settings.Database == SqlKind.Postgresql
                ? NpgsqlDataSource.Create(connection)
                : SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder(connection).ConnectionString);
        }
        catch (ArgumentException e)
        {
            throw new DoorSettingsException($"the connection string cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Reads rows around and above the mark and delivers them.</summary>
    /// <returns>Whether there may be more at once.</returns>
    private async Task<bool> PullAsync(DbConnection connection, CancellationToken stop)
    {
        var (observations, unreadable) = (new List<Observation>(), new List<MarkedObservation>());
        var (last, count) = (_reached, 0);
        var from = _reached.Length > 0 ? await LowerAsync(connection, stop) : null;
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"select * from {View} {(from is null ? "" : $"where {Column} >= @mark ")}order by {Column} limit {_settings.Batch + _settings.Reread}";
            Bind(command, from);
            await using var reader = await command.ExecuteReaderAsync(stop);
            var ordinal = OrdinalOf(reader);
            while (await reader.ReadAsync(stop))
            {
                if (await reader.IsDBNullAsync(ordinal, stop))
                {
                    continue; // a row without a mark cannot be put in line
                }

                last = HighWaterMark.Format(reader.GetValue(ordinal));
                count++;
                ReadRow(reader, last, observations, unreadable);
            }
        }

        var isNew = last != _reached;
        var seen = observations.Select(o => o.Id).Concat(unreadable.Select(u => u.Id)).ToHashSet(StringComparer.Ordinal);
        observations.RemoveAll(o => _delivered.Contains(o.Id));
        unreadable.RemoveAll(u => _delivered.Contains(u.Id));
        if (observations.Count > 0 || unreadable.Count > 0)
        {
            CountReceived(observations.Count + unreadable.Count);
            await DeliverAsync(observations, unreadable, stop);
        }

        _delivered = seen;

        if (isNew)
        {
            _mark.Write(last);
            _reached = last;
        }

        return isNew && count >= _settings.Batch + _settings.Reread;
    }

    /// <summary>The mark of the row that lies so many rows below the one reached.</summary>
    private async Task<string?> LowerAsync(DbConnection connection, CancellationToken stop)
    {
        if (_settings.Reread == 0)
        {
            return _reached;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = $"select {Column} from {View} where {Column} <= @mark order by {Column} desc limit 1 offset {_settings.Reread - 1}";
        Bind(command, _reached);
        if (await command.ExecuteScalarAsync(stop) is { } lower and not DBNull)
        {
            return HighWaterMark.Format(lower);
        }

        return null; // there are fewer: all of them
    }

    private int OrdinalOf(DbDataReader reader)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (reader.GetName(i).Equals(_settings.Mark, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new DoorSettingsException($"{_settings.View} has no column '{_settings.Mark}' to go on from. Its columns: {string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetName))}.");
    }

    private void ReadRow(DbDataReader reader, string mark, List<Observation> observations, List<MarkedObservation> unreadable)
    {
        var id = $"{Name}:{mark}";
        if (_settings.Mapping is { } mapping)
        {
            var problems = new List<string>();
            observations.AddRange(mapping.Apply(_settings.View, column => Text(reader, column), id, PlantMoment.At(Time.GetUtcNow()), problems));
            unreadable.AddRange(problems.Select(p => Mark(id, p, reader)));
            return;
        }

        var observation = new Observation();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var field = ObservationFields.Plain(reader.GetName(i));
            if (!ObservationFields.Names.Contains(field) || reader.IsDBNull(i))
            {
                continue; // other columns of a view, its mark among them, say nothing to the twin
            }

            if (!ObservationFields.TrySet(ref observation, field, HighWaterMark.Format(reader.GetValue(i)), out var problem))
            {
                unreadable.Add(Mark(id, problem, reader));
                return;
            }
        }

        observations.Add(observation.Id.Length > 0 ? observation : observation with { Id = id });
    }

    private static string? Text(DbDataReader reader, string column)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (reader.GetName(i).Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return reader.IsDBNull(i) ? null : HighWaterMark.Format(reader.GetValue(i));
            }
        }

        return null;
    }

    private MarkedObservation Mark(string id, string reason, DbDataReader reader) => new(
        Time.GetUtcNow(), id, $"{Name}: {reason}", string.Join("; ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={reader.GetValue(i)}")) is var text && text.Length > 2000 ? text[..2000] : text);

    private string View => string.Join('.', _settings.View.Split('.').Select(Quoted));

    private string Column => Quoted(_settings.Mark);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Bind(DbCommand command, string? mark)
    {
        if (mark is null)
        {
            return;
        }

        var parameter = command.CreateParameter();
        parameter.ParameterName = "mark";
        parameter.Value = HighWaterMark.Parse(mark, command is NpgsqlCommand);
        command.Parameters.Add(parameter);
    }
}

/// <summary>How far a door has come, in a file that is replaced as a whole.</summary>
internal sealed class HighWaterMark(string path)
{
    public string? Read() => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;

    public void Write(string mark)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(mark));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>A value of a database as text that <see cref="Parse"/> reads back; times with their offset.</summary>
    public static string Format(object value) => value switch
    {
        DateTime { Kind: DateTimeKind.Utc } utc => utc.ToString("O", CultureInfo.InvariantCulture),
        DateTime local => local.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A mark as the parameter of a query.</summary>
    /// <param name="typed">Whether the database compares times as such; SQLite keeps them as texts.</param>
    public static object Parse(string mark, bool typed)
    {
        if (long.TryParse(mark, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        if (typed && decimal.TryParse(mark, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return typed && DateTime.TryParse(mark, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : mark;
    }
}
