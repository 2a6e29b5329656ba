using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>A schedule by names: the JSON of the API and of the journal.</summary>
public sealed record ScheduleDocument
{
    /// <summary>Version in force; 0 when none is. Ignored on the way in: the expected version travels in <c>If-Match</c>.</summary>
    public int Version { get; init; }

    /// <summary>Who put it in force.</summary>
    public string User { get; init; } = "";

    public string Origin { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment MadeAt { get; init; }

    public IReadOnlyList<BatchDocument> Batches { get; init; } = [];

    /// <summary>The document of a schedule; reading it gives the same schedule.</summary>
    /// <param name="wallClock">Times as ISO text for people, instead of plant milliseconds.</param>
    public static ScheduleDocument Of(Schedule? schedule, int version, string user, CompiledScenario plant, bool wallClock = false)
    {
        return schedule is null ? new ScheduleDocument { User = user, Version = version } : new ScheduleDocument
        {
            Version = version,
            User = user,
            Origin = schedule.Origin,
            MadeAt = Moment(schedule.MadeAt),
            Batches = [.. schedule.Batches.Select(b => new BatchDocument
            {
                Equipment = plant.Plant.Equipment[b.Equipment].Id,
                Jobs = [.. b.Jobs.Select(j => plant.JobName(j))],
                SetupStart = Moment(b.SetupStart),
                Start = Moment(b.Start),
                End = Moment(b.End),
                Family = b.Family is { } f ? plant.Plant.Families[f].Id : null,
                Locked = b.Locked,
                Lock = b.Lock is LockKind.Machine or LockKind.Time ? b.Lock : null,
                HoldUntilStart = b.HoldUntilStart,
            })],
        };

        PlantMoment Moment(SimTime t) => wallClock ? PlantMoment.At(plant.Scenario.Clock.ToWallClock(t)) : PlantMoment.At(t);
    }

    /// <summary>Names → indices.</summary>
    /// <param name="problems">Everything that does not exist or cannot be read, by batch.</param>
    public Schedule Read(PlantNames names, List<string> problems)
    {
        var clock = names.Plant.Scenario.Clock;
        var batches = ImmutableArray.CreateBuilder<PlannedBatch>(Batches.Count);
        for (var i = 0; i < Batches.Count; i++)
        {
            var document = Batches[i];
            var equipment = names.Equipment(document.Equipment);
            var jobs = document.Jobs.Select(names.Job).ToArray();
            var family = string.IsNullOrEmpty(document.Family) ? -1 : names.Family(document.Family);
            var where = $"batches[{i}]";
            Check(equipment >= 0, $"{where}: equipment '{document.Equipment}' is not in the scenario");
            Check(jobs.Length > 0, $"{where}: has no jobs");
            var unknown = Array.IndexOf(jobs, -1);
            Check(unknown < 0, $"{where}: job '{(unknown >= 0 ? document.Jobs[unknown] : "")}' does not exist");
            Check(family >= 0 || string.IsNullOrEmpty(document.Family), $"{where}: family '{document.Family}' is not in the scenario");
            var start = Time(document.Start, $"{where}.start");
            var end = Time(document.End, $"{where}.end");
            batches.Add(new PlannedBatch
            {
                Equipment = new EquipmentId(equipment),
                Jobs = [.. jobs.Select(job => new JobId(job))],
                SetupStart = document.SetupStart.IsMissing ? start : Time(document.SetupStart, $"{where}.setupStart"),
                Start = start,
                End = end,
                Family = family >= 0 ? new FamilyId(family) : null,
                Lock = document.Lock ?? (document.Locked ? LockKind.Place : LockKind.None),
                HoldUntilStart = document.HoldUntilStart,
            });
        }

        return new Schedule
        {
            Batches = batches.ToImmutable(),
            Origin = Origin,
            MadeAt = MadeAt.IsMissing ? SimTime.Zero : Time(MadeAt, "madeAt"),
        };

        SimTime Time(PlantMoment moment, string where)
        {
            Check(moment.TryResolve(clock, out var time, out var problem), $"{where}: {problem}");
            return time;
        }

        void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                problems.Add(otherwise);
            }
        }
    }
}

/// <summary>One planned batch by names.</summary>
public sealed record BatchDocument
{
    public string Equipment { get; init; } = "";

    /// <summary>Jobs as <c>order/lot/operation</c>.</summary>
    public IReadOnlyList<string> Jobs { get; init; } = [];

    /// <summary>Left out, there is no setup.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment SetupStart { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Start { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment End { get; init; }

    public string? Family { get; init; }

    public bool Locked { get; init; }

    /// <summary>Given where it is locked to its machine alone, or to its time as well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(JsonStringEnumConverter<LockKind>))]
    public LockKind? Lock { get; init; }

    public bool HoldUntilStart { get; init; }
}
