using System.Globalization;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Fields of an observation by the names that columns and mapping files use: those of the JSON, with or without capitals and underscores.</summary>
public static class ObservationFields
{
    private static readonly Dictionary<string, Func<Observation, string, (Observation? Made, string Problem)>> s_setters = new(StringComparer.Ordinal)
    {
        ["id"] = (o, t) => (o with { Id = t }, ""),
        ["time"] = (o, t) => Moment(t, m => o with { Time = m }),
        ["kind"] = (o, t) => (o with { Kind = t }, ""),
        ["equipment"] = (o, t) => (o with { Equipment = t }, ""),
        ["order"] = (o, t) => (o with { Order = t }, ""),
        ["job"] = (o, t) => (o with { Job = t }, ""),
        ["lead"] = (o, t) => (o with { Lead = t }, ""),
        ["arrives"] = (o, t) => Moment(t, m => o with { Arrives = m }),
        ["family"] = (o, t) => (o with { Family = t }, ""),
        ["phase"] = (o, t) => Whole(t, n => o with { Phase = n }),
        ["cleaning"] = (o, t) => (o with { Cleaning = t }, ""),
        ["reason"] = (o, t) => (o with { Reason = t }, ""),
        ["utility"] = (o, t) => (o with { Utility = t }, ""),
        ["material"] = (o, t) => (o with { Material = t }, ""),
        ["lot"] = (o, t) => (o with { Lot = t }, ""),
        ["supplier"] = (o, t) => (o with { Supplier = t }, ""),
        ["delivery"] = (o, t) => Whole(t, n => o with { Delivery = n }),
        ["crew"] = (o, t) => (o with { Crew = t }, ""),
        ["sidejob"] = (o, t) => Whole(t, n => o with { SideJob = n }),
        ["verdict"] = (o, t) => (o with { Verdict = t }, ""),
        ["failuremode"] = (o, t) => (o with { FailureMode = t }, ""),
        ["plan"] = (o, t) => (o with { Plan = t }, ""),
        ["begins"] = (o, t) => Moment(t, m => o with { Begins = m }),
        ["fixtureloop"] = (o, t) => (o with { FixtureLoop = t }, ""),
        ["tofamily"] = (o, t) => (o with { ToFamily = t }, ""),
        ["vehicle"] = (o, t) => (o with { Vehicle = t }, ""),
        ["value"] = (o, t) => NumberText.TryParse(t, out var n) ? (o with { Value = n }, "") : (null, $"value '{t}' is not a number"),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => s_setters.Keys;

    /// <summary>The plain form of a heading: <c>Failure_Mode</c> → <c>failuremode</c>.</summary>
    public static string Plain(string heading) => heading.Trim().Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Sets a field.</summary>
    /// <param name="field">One of <see cref="Names"/>.</param>
    /// <returns>False when the text is no value for it.</returns>
    public static bool TrySet(ref Observation observation, string field, string text, out string problem)
    {
        (var made, problem) = s_setters[field](observation, text);
        observation = made ?? observation;
        return made is not null;
    }

    /// <summary>A moment as tables and messages write it: plant milliseconds, or ISO 8601 with an offset (a blank between date and time will do).</summary>
    public static PlantMoment Moment(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) ? PlantMoment.At(new Simulation.SimTime(ms))
        : PlantMoment.Parse(text.Length > 10 && text[10] == ' ' ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11).ToString().Replace(" ", "", StringComparison.Ordinal)) : text);

    private static (Observation?, string) Moment(string text, Func<PlantMoment, Observation> set) => Moment(text) is { Text: null } moment
        ? (set(moment), "")
        : (null, $"'{text}' is not a time with an offset. Maybe write 2026-01-31T08:30:00+08:00, or plant milliseconds as a number");

    private static (Observation?, string) Whole(string text, Func<int, Observation> set) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? (set(n), "") : (null, $"'{text}' is not a whole number");
}
