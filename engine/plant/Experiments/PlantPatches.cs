using System.Collections.Immutable;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Experiments;

/// <summary>More working hours on some days, beside the usual ones.</summary>
/// <param name="Windows">Times such as <c>18:00-22:00</c>; an end that is not after the start means the next day.</param>
public sealed record ExtraShift(PatchText Calendar, ImmutableArray<PatchText> Dates, ImmutableArray<PatchText> Windows) : ScenarioPatch
{
    public override string Describe() => $"{Calendar} works {string.Join(", ", Windows)} as well on {Names(Dates)}";

    internal override void Apply(PatchTarget target) => CalendarEdit.AddWindows(target, this);
}

/// <summary>Days on which nobody works.</summary>
public sealed record CloseDays(PatchText Calendar, ImmutableArray<PatchText> Dates) : ScenarioPatch
{
    public override string Describe() => $"{Calendar} closed on {Names(Dates)}";

    internal override void Apply(PatchTarget target) => CalendarEdit.Close(target, this);
}

/// <summary>Other electricity prices.</summary>
/// <param name="Window">Name of the windows whose price changes; <c>null</c> when none does.</param>
/// <param name="Price">Their new price, currency per kWh; required with a window.</param>
/// <param name="BasePrice">Price outside all windows; <c>null</c> keeps it.</param>
/// <param name="DemandPrice">Currency per kW and month; <c>null</c> keeps it.</param>
public sealed record ChangeTariff(PatchText Tariff, PatchText? Window = null, PatchText? Price = null, PatchText? BasePrice = null, PatchText? DemandPrice = null) : ScenarioPatch
{
    public override string Describe() => string.Join(", ", new[]
    {
        Window is { } window ? $"{window} {Price}" : null, BasePrice is { } price ? $"base price {price}" : null, DemandPrice is { } demand ? $"demand price {demand}" : null,
    }.OfType<string>()) is { Length: > 0 } what ? $"tariff {Tariff}: {what}" : $"tariff {Tariff} as it is";

    internal override void Apply(PatchTarget target)
    {
        if (BasePrice is { } basePrice)
        {
            ParameterPath.Set(target, Place with { Text = $"tariffs.{Tariff}.base_price" }, basePrice);
        }

        if (DemandPrice is { } demandPrice)
        {
            ParameterPath.Set(target, Place with { Text = $"tariffs.{Tariff}.demand_price_per_kw_month" }, demandPrice);
        }

        if (Window is { } window && Price is { } price)
        {
            TariffEdit.SetPrice(target, Tariff, window, price);
        }
    }
}

/// <summary>Another dispatch rule.</summary>
/// <param name="Rule">As in <c>scenario.yaml</c>: <c>edd</c>, <c>least_changeover</c>.</param>
public sealed record ChangeDispatch(PatchText Rule) : ScenarioPatch
{
    public override string Describe() => $"dispatch by {Rule}";

    internal override void Apply(PatchTarget target) => ParameterPath.Set(target, Place with { Text = "dispatch" }, Rule);
}

/// <summary>A schedule to follow; what it does not name goes by the dispatch rule.</summary>
/// <param name="File">Path of a schedule file, relative to the what-if's.</param>
/// <remarks>The scenario stays as it is; whoever runs it reads the schedule for the patched plant.</remarks>
public sealed record FollowSchedule(PatchText File) : ScenarioPatch
{
    public override string Describe() => $"schedule {File}";

    internal override void Apply(PatchTarget target)
    {
    }
}

/// <summary>Any number of the scenario, by its path: <c>equipment.V07.speed_factor</c>, <c>auxiliaries.operator.count</c>, <c>objective.tardiness</c>.</summary>
/// <param name="Path">Table, row and column, or key; <c>*</c> in the row stands for anything: <c>equipment.V*.speed_factor</c>.</param>
/// <param name="Value">As it would stand in the file.</param>
public sealed record SetParameter(PatchText Path, PatchText Value) : ScenarioPatch
{
    public override string Describe() => $"{Path} = {Value}";

    internal override void Apply(PatchTarget target) => ParameterPath.Set(target, Path, Value);
}

/// <summary>Any number of the scenario multiplied: <c>equipment.*.speed_factor</c> × 1.1.</summary>
/// <param name="Path">As for <see cref="SetParameter"/>.</param>
/// <param name="Factor">≥ 0.</param>
public sealed record ScaleParameter(PatchText Path, PatchText Factor) : ScenarioPatch
{
    public override string Describe() => $"{Path} × {Factor}";

    internal override void Apply(PatchTarget target) => ParameterPath.Scale(target, Path, Factor);
}
