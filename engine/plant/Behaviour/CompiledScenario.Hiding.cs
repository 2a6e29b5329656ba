using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

/// <content>The scenario as one firm may see it.</content>
public sealed partial class CompiledScenario
{
    /// <summary>The same plant, in which the orders of everybody but one firm have no name, item, quantity, date or owner, and the other firms
    /// no name. All indices keep their meaning; nothing can be simulated or planned from it.</summary>
    /// <param name="firm">Index of the firm that looks.</param>
    public CompiledScenario SeenBy(int firm)
    {
        var seen = (CompiledScenario)MemberwiseClone();
        var nobody = new Label("");
        seen.Scenario = Scenario with
        {
            Orders = [.. Scenario.Orders.Select(o => o.Tenant?.Index == firm ? o : Hidden)],
            Plant = Plant with { Tenants = [.. Plant.Tenants.Select((t, i) => i == firm ? t : new Tenant { Id = "", Name = nobody })] },
        };
        return seen;
    }

    private Order Hidden { get; } = new() { Id = "", Product = new ProductId(0), Quantity = 0 };
}
