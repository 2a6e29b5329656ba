using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

// Express: which slots of machines open to all are kept for samples and express orders.
public sealed partial class CompiledScenario
{
    /// <summary>Whether any slot is kept for express orders.</summary>
    internal bool KeepsExpress { get; private set; }

    /// <summary>Slots of equipment that only express orders may take.</summary>
    public int ExpressSlotsOf(int equipment) => _equipment[equipment].ExpressSlots;

    /// <summary>Spreads the share over the machines of each class, rounded to whole slots. A job that no other machine can do may use them in any case.</summary>
    private void KeepForExpress()
    {
        var share = Plant.Market.ExpressShare;
        if (share <= 0)
        {
            return;
        }

        foreach (var members in Enumerable.Range(0, _equipment.Length).Where(e => Plant.Equipment[e].Shared || Plant.Equipment[e].Owner is null).GroupBy(e => _equipment[e].Class))
        {
            var (slots, kept) = (0, 0);
            foreach (var e in members)
            {
                slots += _equipment[e].Slots;
                var target = (int)Math.Floor(share * slots + 0.5);
                _equipment[e].ExpressSlots = target - kept;
                KeepsExpress |= target > kept;
                kept = target;
            }
        }

        for (var job = 0; job < _jobs.Length; job++)
        {
            _jobs[job].MayUseExpress = Scenario.Orders[_jobs[job].Order].IsExpress || !HasOrdinaryMachine(job);
        }
    }

    private bool HasOrdinaryMachine(int job)
    {
        foreach (var e in Groups[GroupOf(job)])
        {
            if (_equipment[e].Slots > _equipment[e].ExpressSlots && FitsEquipment(job, e))
            {
                return true;
            }
        }

        return false;
    }
}
