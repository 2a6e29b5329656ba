using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>What a scenario asks of its plant that no plan takes into account.</summary>
internal static class BlindSpots
{
    /// <summary>The blind spots that matter for a plant, in the order in which they usually cost most.</summary>
    public static ImmutableArray<PlanBlindSpot> Of(CompiledScenario plant)
    {
        var model = plant.Plant;
        var found = ImmutableArray.CreateBuilder<PlanBlindSpot>();
        var capped = model.Utilities.Where(u => u.RateCap is not null || u.DailyCap is not null || !u.Windows.IsEmpty).Select(u => u.Id).ToList();
        Add(capped.Count > 0, "utility-caps",
            $"Limits of {Few(capped)}: at a cap the plant works more slowly or waits.",
            $"{Few(capped)} 的限额：达到上限时设备会放慢或等待。");
        Add(plant.Crews.Any, "crews", "People: batches, setups and repairs wait for crews that are busy or off shift.", "人员：班组忙碌或下班时，批次、换产和维修会等待。");
        Add(plant.Materials.InUse, "material-competition",
            "Competition for material: no work is planned before its material can be there, but two jobs may be planned on the same stock.",
            "物料争用：计划不会早于物料最早可到的时间，但两个作业可能被安排使用同一份库存。");
        var byUse = model.MaintenancePlans.Where(p => p.Clock != UsageClock.Calendar).Select(p => p.Id).Distinct(StringComparer.Ordinal).ToList();
        Add(byUse.Count > 0, "maintenance-by-use",
            $"Maintenance that comes by use or condition ({Few(byUse)}), until it is ordered.",
            $"按使用量或状态触发的保养（{Few(byUse)}），在下达之前无法预知。");
        Add(MaintenanceKnown.HasAny(plant) && model.WorkMasters.Any(w => w.Operations.Any(o => o.Interruptible)), "maintenance-of-pausing-work",
            "Planned maintenance of machines whose work pauses at the end of a shift.", "可跨班中断的设备上的计划保养。");
        Add(plant.Capacity.InUse, "capacity-offers", "Hours that firms offer each other, and bookings of them.", "企业之间提供的产能时段及其预订。");
        Add(model.EquipmentClasses.Any(c => c.InputBuffer is not null), "buffers", "Full buffers: a finished batch may block its machine.", "缓冲区满：完成的批次可能堵住设备。");
        Add(!model.FixtureLoops.IsEmpty, "fixtures", "Fixtures of a loop: units wait for one of their family.", "循环工装：工件需等待本族工装。");
        Add(!model.Fleets.IsEmpty, "vehicles", "Vehicles between sites: work waits for a free one; the plan counts the travel time only.", "厂区间车辆：需等待空车，计划只计入路程时间。");
        Add(model.Lines.Any(l => l.Overload != LineOverload.Drift), "takt", "Lines that move at their takt: utility work and line stops.", "按节拍移动的产线：超载工时与停线。");
        return found.ToImmutable();

        void Add(bool matters, string key, string says, string saysInChinese)
        {
            if (matters)
            {
                found.Add(new PlanBlindSpot(key, new Label(says, saysInChinese)));
            }
        }
    }

    private static string Few(List<string> ids) => string.Join(", ", ids.Take(5)) + (ids.Count > 5 ? ", …" : "");
}
