using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>How a station of the line works.</summary>
internal enum StationKind
{
    /// <summary>People: the time follows the model's work content.</summary>
    Manual,

    /// <summary>A machine that does one unit at a time.</summary>
    Machine,

    /// <summary>A machine that holds many units at once (carousel, test hall).</summary>
    Hall,

    /// <summary>The loop of foaming fixtures.</summary>
    Fixtures,
}

/// <summary>A station of the refrigerator line.</summary>
/// <param name="Seconds">Time per unit: base work content, machine time, or time in the hall.</param>
/// <param name="Buffer">Units that may wait in front, or <c>null</c> where they come from the order book.</param>
/// <param name="After">Stations whose work must be done, by id.</param>
internal sealed record Station(string Id, Label Name, StationKind Kind, double Seconds, int? Buffer, params string[] After)
{
    /// <summary>Units in the station at once.</summary>
    public int Slots { get; init; } = 1;

    public double RunningKw { get; init; } = 1;
}

/// <summary>The stations in flow order, with the work that options add.</summary>
internal static class RefrigeratorStations
{
    public const int Takt = 20;

    /// <summary>Fixtures on the foaming loop: 26 at a takt of 20 s leave 8.7 min per cabinet.</summary>
    public const int Fixtures = 26;

    /// <summary>Cure 6.5 min plus closing and opening of the fixture.</summary>
    private const double FoamingSeconds = 450;

    public static readonly ImmutableArray<Station> Line =
    [
        new("shell-forming", new Label("Shell roll forming", "壳体辊压成型"), StationKind.Machine, 12, null) { RunningKw = 30 },
        new("joining", new Label("Shell and liner joining", "箱胆合装"), StationKind.Manual, 17, 20, "liner-forming"),
        new("tubes", new Label("Evaporator tubes", "蒸发管路预装"), StationKind.Manual, 17.5, 4, "joining"),
        new("harness", new Label("Wiring harness", "线束预装"), StationKind.Manual, 17.5, 4, "tubes"),
        new("insulation", new Label("Insulation panels", "隔热板安装"), StationKind.Manual, 16.5, 4, "harness"),
        new("taping", new Label("Taping and sealing", "贴胶密封"), StationKind.Manual, 17, 4, "insulation"),
        new("foaming", new Label("Cabinet foaming", "箱体发泡"), StationKind.Fixtures, FoamingSeconds, 40, "taping") { RunningKw = 8 },
        new("demould", new Label("Demoulding check", "脱模检查"), StationKind.Manual, 16, 20, "foaming"),
        new("door-forming", new Label("Door shell forming", "门壳成型"), StationKind.Machine, 15, 30, "joining") { RunningKw = 20 },
        new("door-foaming", new Label("Door foaming", "门体发泡"), StationKind.Hall, 360, 30, "door-forming") { Slots = 22, RunningKw = 60 },
        new("door-assembly", new Label("Door pre-assembly", "门体预装"), StationKind.Manual, 17, 20, "door-foaming"),
        new("compressor", new Label("Compressor mounting", "压缩机安装"), StationKind.Manual, 17.5, 10, "demould"),
        new("condenser", new Label("Condenser fitting", "冷凝器安装"), StationKind.Manual, 17, 4, "compressor"),
        new("piping", new Label("Piping", "管路连接"), StationKind.Manual, 17.5, 4, "condenser"),
        new("brazing", new Label("Brazing", "焊接"), StationKind.Manual, 18, 4, "piping") { RunningKw = 3 },
        new("drier", new Label("Filter drier", "干燥过滤器"), StationKind.Manual, 17, 4, "brazing"),
        new("evacuation", new Label("Evacuation carousel", "抽真空"), StationKind.Hall, 1800, 30, "drier") { Slots = 104, RunningKw = 90 },
        new("charging", new Label("Refrigerant charging", "制冷剂灌注"), StationKind.Machine, 17, 30, "evacuation") { RunningKw = 5 },
        new("sealing", new Label("Tube sealing", "管口封焊"), StationKind.Machine, 14, 4, "charging") { RunningKw = 4 },
        new("leak-test", new Label("Leak test", "检漏"), StationKind.Machine, 17, 4, "sealing") { RunningKw = 3 },
        new("controls", new Label("Control box", "电控安装"), StationKind.Manual, 17.5, 10, "leak-test"),
        new("doors", new Label("Door mounting", "门体安装"), StationKind.Manual, 17, 10, "controls", "door-assembly"),
        new("shelves", new Label("Shelves and dispenser", "搁架与取水器"), StationKind.Manual, 16.5, 4, "doors"),
        new("ice-maker", new Label("Drawers and ice maker", "抽屉与制冰机"), StationKind.Manual, 16, 4, "shelves"),
        new("safety-test", new Label("Electrical safety test", "电气安全检测"), StationKind.Machine, 15, 10, "ice-maker") { RunningKw = 2 },
        new("run-test", new Label("Run test hall", "性能测试"), StationKind.Hall, 2700, 40, "safety-test") { Slots = 156, RunningKw = 45 },
        new("inspection", new Label("Appearance inspection", "外观检查"), StationKind.Manual, 16.5, 60, "run-test"),
        new("accessories", new Label("Cleaning and accessories", "清洁附件"), StationKind.Manual, 17, 4, "inspection"),
        new("packing", new Label("Packing", "包装"), StationKind.Manual, 17.5, 4, "accessories") { RunningKw = 5 },
        new("palletising", new Label("Palletising", "码垛入库"), StationKind.Machine, 13, 10, "packing") { RunningKw = 6 },
    ];

    /// <summary>Off the line: liners are formed when a shell is launched; a machine keeps the tool of one cabinet family.</summary>
    public static readonly Station Liner =
        new("liner-forming", new Label("Liner thermoforming", "内胆吸塑"), StationKind.Machine, 50, null, "shell-forming") { RunningKw = 60 };

    /// <summary>Options: at most h of q in a row may carry them, since they take so many seconds more at one station.</summary>
    public static readonly ImmutableArray<(string Id, Label Name, int Max, int Window, string Station, double Seconds)> Options =
    [
        ("ice-maker", new Label("ice maker", "制冰机"), 1, 4, "ice-maker", 9),
        ("dispenser", new Label("water dispenser", "取水器"), 1, 3, "shelves", 8),
        ("glass-door", new Label("glass door", "玻璃门"), 2, 5, "doors", 6),
    ];
}
