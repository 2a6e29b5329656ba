using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Amounts that are drawn in one moment, and the books of machines and orders that they go into.
public sealed partial class PlantState
{
    /// <summary>A phase of no length draws its amounts at once.</summary>
    private void DrawAtOnce(int equipment, int lead, long now)
    {
        ref readonly var job = ref _jobs[lead];
        if (_utilities.Length > 0 && PhaseEndMs(lead, job.Phase) == PhaseEndMs(lead, job.Phase - 1))
        {
            DrawAtOnce(equipment, lead, 1, now);
        }
    }

    /// <summary>What the phase under way has not drawn yet of its amounts is drawn by a utility worker, who finishes it.</summary>
    private void DrawTheRest(int equipment, int lead, SimTime now)
    {
        ref readonly var job = ref _jobs[lead];
        if (_utilities.Length == 0 || job.Phase < 0 || job.Estimated || job.Additions > 0)
        {
            return;
        }

        var (start, end) = (PhaseEndMs(lead, job.Phase - 1), PhaseEndMs(lead, job.Phase));
        var left = end - Math.Max(start, ProgressMs(lead, now));
        if (left > 0 && end > start)
        {
            DrawAtOnce(equipment, lead, left / (double)(end - start), now.Milliseconds);
        }
    }

    private void DrawAtOnce(int equipment, int lead, double share, long now)
    {
        ref readonly var job = ref _jobs[lead];
        var use = default(ResourceUse);
        var table = Plant.Utilities!;
        foreach (ref readonly var draw in table.DrawsOf(Plant.OperationIndexOf(lead), job.Phase))
        {
            var amount = share * (draw.Amount + draw.AmountPerUnit * job.Load);
            if (amount > 0 && table.Supplies(draw.Utility, new SiteId(Plant.CompiledEquipmentOf(equipment).Site)))
            {
                SettleUtility(draw.Utility, now);
                _utilities[draw.Utility].Amount += amount;
                _utilities[draw.Utility].DayAmount += amount;
                AddTo(ref use, draw.Implied ? UtilityKind.Other : table[draw.Utility].Kind, amount);
            }
        }

        Book(equipment, lead, use);
    }

    private void Book(int equipment, int lead, in ResourceUse use)
    {
        if (!use.IsNothing)
        {
            ref var meters = ref _meters[equipment];
            meters.SteamKg += use.SteamKg;
            meters.WaterM3 += use.WaterM3;
            meters.GasM3 += use.GasM3;
            ShareAmongMembers(lead, use);
        }
    }

    private static void AddTo(ref ResourceUse use, UtilityKind kind, double amount)
    {
        switch (kind)
        {
            case UtilityKind.Steam: use.SteamKg += amount; break;
            case UtilityKind.Water: use.WaterM3 += amount; break;
            case UtilityKind.Gas: use.GasM3 += amount; break;
            default: break; // metered by the utility itself
        }
    }
}
