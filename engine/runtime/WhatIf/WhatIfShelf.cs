using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>Answers on disk: a folder per plant, a file per answer, replaced as a whole.</summary>
/// <param name="folder">Made when it is first needed; <c>null</c> keeps nothing.</param>
internal sealed class WhatIfShelf(string? folder)
{
    /// <summary>Everything that can be read, the oldest first, and what cannot, by file name with the reason. A damaged file stays where it is.</summary>
    public (List<WhatIfRecord> Records, List<string> Damaged) Load()
    {
        var (records, damaged) = (new List<WhatIfRecord>(), new List<string>());
        foreach (var file in folder is not null && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            try
            {
                using var stream = File.OpenRead(file);
                var record = JsonSerializer.Deserialize(stream, WhatIfJson.Default.WhatIfRecord) ?? throw new JsonException("it is empty");
                if (record.Format > WhatIfRecord.PresentFormat || record.Id != Path.GetFileNameWithoutExtension(file))
                {
                    throw new JsonException(record.Format > WhatIfRecord.PresentFormat ? "a newer twin wrote it" : $"it calls itself '{record.Id}'");
                }

                records.Add(record);
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                damaged.Add($"{Path.GetFileName(file)}: {e.Message}");
            }
        }

        records.Sort((a, b) => a.AskedAt.CompareTo(b.AskedAt));
        return (records, damaged);
    }

    public void Save(WhatIfRecord record)
    {
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, record.Id + ".json");
        var half = path + ".part";
        using (var stream = File.Create(half))
        {
            JsonSerializer.Serialize(stream, record, WhatIfJson.Default.WhatIfRecord);
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    public void Delete(string id)
    {
        if (folder is not null && Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, id + ".json"));
        }
    }
}

/// <summary>A question with its answer as it lies on disk.</summary>
internal sealed record WhatIfRecord
{
    public const int PresentFormat = 1;

    public int Format { get; init; } = PresentFormat;
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string User { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required long FromMs { get; init; }
    public required WhatIfQuestion Question { get; init; }
    public required WhatIfOutcome Outcome { get; init; }
}

/// <summary>JSON of answers, as kept on disk and as sent: camelCase, enums as names, nothing left out that a reader counts on.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(WhatIfRecord))]
[JsonSerializable(typeof(WhatIfOutcome))]
[JsonSerializable(typeof(WhatIfComparison))]
[JsonSerializable(typeof(WhatIfQuestion))]
internal sealed partial class WhatIfJson : JsonSerializerContext;
