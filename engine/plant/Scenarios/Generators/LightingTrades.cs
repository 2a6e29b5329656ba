using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A trade of the lighting industry: a kind of machine, its setup and its times.</summary>
/// <param name="SetupMinutes">Between two products (or colours); the middle of the usual range.</param>
/// <param name="MinSeconds">Shortest time per piece; per rack where <paramref name="PerRack"/>.</param>
/// <param name="MaxSeconds">Longest such time.</param>
/// <param name="Calendar">Index into <see cref="LightingTrades.Calendars"/>; <c>null</c> round the clock.</param>
internal sealed record Trade(
    string Id, Label Machine, Label Step, Label Firm, double SetupMinutes, double MinSeconds, double MaxSeconds, bool PerRack, int? Calendar, double Kw)
{
    /// <summary>Lots side by side in one machine.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Working hours of a week.</summary>
    public double WeeklyHours => Calendar switch { 0 => 6 * 15, 1 => 6 * 9, _ => 7 * 24 };
}

/// <summary>The trades and the products that pass through them.</summary>
internal static class LightingTrades
{
    public const int DieCast = 0, Cnc = 1, Stamping = 2, Laser = 3, Polishing = 4, Coating = 5, Smt = 6, Assembly = 7, Ageing = 8;

    /// <summary>Largest lot: what one coating rack takes.</summary>
    public const int RackPieces = 240;

    /// <summary>Ageing of samples by a short recipe, hours.</summary>
    public const double SampleAgeingHours = 2;

    public static readonly ImmutableArray<Trade> All =
    [
        new("die-casting", new("Die-casting machine", "压铸机"), new("Die casting", "压铸"), new("Die Casting", "压铸"), 120, 30, 60, false, 0, 40),
        new("cnc", new("CNC machine", "数控机床"), new("CNC machining", "数控加工"), new("Machining", "机加工"), 105, 120, 900, false, 0, 12),
        new("stamping", new("Press", "冲床"), new("Stamping", "冲压"), new("Stamping", "冲压"), 45, 2, 5, false, 0, 15),
        new("laser", new("Laser cutter", "激光切割机"), new("Laser cutting", "激光切割"), new("Laser", "激光"), 10, 30, 180, false, 0, 8),
        new("polishing", new("Polishing stand", "抛光台"), new("Polishing", "抛光"), new("Polishing", "抛光"), 10, 120, 480, false, 1, 3),
        new("coating", new("Coating line", "喷涂线"), new("Coating", "喷涂"), new("Coating", "喷涂"), 28, 3600, 10800, true, 0, 60),
        new("smt", new("SMT line", "贴片线"), new("LED module (SMT)", "灯板贴片"), new("Electronics", "电子"), 40, 10, 40, false, 0, 20),
        new("assembly", new("Assembly cell", "装配单元"), new("Assembly", "装配"), new("Assembly", "装配"), 10, 180, 1200, false, 1, 1),
        new("ageing", new("Ageing rack", "老化架"), new("Ageing", "老化"), new("Testing", "检测"), 0, 14400, 86400, true, null, 10) { Slots = 20 },
    ];

    public static readonly ImmutableArray<WorkCalendar> Calendars =
    [
        new()
        {
            Id = "two-shifts", Name = new Label("Two shifts, six days", "两班六天"),
            Windows = [new WeeklyWindow(MondayToSaturday, new TimeOnly(8, 0), new TimeOnly(23, 0))],
        },
        new()
        {
            Id = "day", Name = new Label("Day shift, six days", "白班六天"),
            Windows =
            [
                new WeeklyWindow(MondayToSaturday, new TimeOnly(8, 0), new TimeOnly(12, 0)),
                new WeeklyWindow(MondayToSaturday, new TimeOnly(13, 0), new TimeOnly(18, 0)),
            ],
        },
    ];

    /// <summary>What is made: the trades of the body in order; where there is light, a module joins it at assembly; its share of the orders.</summary>
    public static readonly ImmutableArray<(string Id, Label Name, ImmutableArray<int> Body, bool HasLight, double Share)> Articles =
    [
        ("downlight", new Label("Downlight", "筒灯"), [DieCast, Cnc, Polishing, Coating], true, 0.30),
        ("panel", new Label("Panel light", "面板灯"), [Stamping, Coating], true, 0.20),
        ("track", new Label("Track light", "轨道灯"), [DieCast, Polishing, Coating], true, 0.18),
        ("wall-lamp", new Label("Wall lamp", "壁灯"), [Laser, Polishing, Coating], true, 0.20),
        ("bracket", new Label("Lamp bracket", "灯架"), [Cnc, Polishing, Coating], false, 0.12),
    ];

    public static readonly ImmutableArray<Family> Colors =
    [
        Color("white", "White", "白色", "#e8eaed"), Color("silver", "Silver", "银色", "#b8bec6"), Color("gold", "Gold", "金色", "#c9a227"), Color("bronze", "Bronze", "古铜", "#8c5e3c"),
        Color("grey", "Grey", "灰色", "#7b848f"), Color("black", "Black", "黑色", "#2b2f36"),
    ];

    /// <summary>Coating: from light to dark 15 min, from dark to light 40 min.</summary>
    public static MatrixChangeover ColorChange()
    {
        var pairs = ImmutableDictionary.CreateBuilder<(FamilyId, FamilyId), Changeover>();
        for (var from = 0; from < Colors.Length; from++)
        {
            for (var to = 0; to < Colors.Length; to++)
            {
                if (from != to)
                {
                    pairs.Add((new FamilyId(from), new FamilyId(to)), new Changeover(Duration.FromMinutes(from < to ? 15 : 40), from < to ? 1 : 3));
                }
            }
        }

        return new MatrixChangeover { Id = "colour-change", Pairs = pairs.ToImmutable(), FromClean = new Changeover(Duration.FromMinutes(15), 1) };
    }

    /// <summary>Every other trade changes tools between products.</summary>
    public static MatrixChangeover ToolChange(Trade trade)
    {
        var change = new Changeover(Duration.FromMinutes(trade.SetupMinutes), 1);
        return new MatrixChangeover { Id = $"{trade.Id}-tools", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty, Default = change, FromClean = change };
    }

    private const Weekdays MondayToSaturday = Weekdays.Workdays | Weekdays.Saturday;

    private static Family Color(string id, string en, string zh, string color) => new() { Id = id, Name = new Label(en, zh), Color = color };
}
