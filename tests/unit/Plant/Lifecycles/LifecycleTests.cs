using DigitalTwin.Plant.Lifecycles;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Lifecycles;

public class LifecycleTests
{
    [Fact]
    public void Every_pair_of_the_equipment_table_is_what_the_declaration_says() => Walk(EquipmentLifecycle.Table);

    [Fact]
    public void Every_pair_of_the_job_table_is_what_the_declaration_says() => Walk(JobLifecycle.Table);

    [Fact]
    public void Every_pair_of_the_order_table_is_what_the_declaration_says() => Walk(OrderLifecycle.Table);

    [Fact]
    public void Every_pair_of_the_tables_of_material_and_lots_is_what_the_declarations_say()
    {
        Walk(MaterialNeedLifecycle.Table);
        Walk(LotLifecycle.Table);
    }

    [Fact]
    public void Every_pair_of_the_reservation_table_is_what_the_declaration_says() => Walk(ReservationLifecycle.Table);

    [Fact]
    public void Every_equipment_status_can_return_to_idle()
    {
        var reached = new HashSet<EquipmentStatus> { EquipmentStatus.Idle };
        for (var grown = true; grown;)
        {
            grown = Enum.GetValues<EquipmentStatus>().Where(s => !reached.Contains(s)).ToList().Exists(s =>
                EquipmentLifecycle.Table.Permitted(s).Any(t => reached.Contains((EquipmentStatus)EquipmentLifecycle.Table.Next((int)s, (int)t)))
                && reached.Add(s));
        }

        Assert.Equal(Enum.GetValues<EquipmentStatus>().Length, reached.Count);
    }

    private static void Walk<TState, TTrigger>(Lifecycle<TState, TTrigger> table)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        foreach (var state in Enum.GetValues<TState>())
        {
            foreach (var trigger in Enum.GetValues<TTrigger>())
            {
                var machine = table.Machine(state);
                var next = table.Next(Convert.ToInt32(state, null), Convert.ToInt32(trigger, null));
                Assert.Equal(machine.CanFire(trigger), next >= 0);
                if (next >= 0)
                {
                    machine.Fire(trigger);
                    Assert.Equal(machine.State, Enum.GetValues<TState>()[next]);
                }
            }
        }
    }
}
