using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Reorder rules that cannot work, materials that never come, and products made of themselves.</summary>
internal static class MaterialChecks
{
    public static void Run(Scenario scenario, ScenarioNames names)
    {
        var plant = scenario.Plant;
        for (var m = 0; m < plant.Materials.Length; m++)
        {
            if (names.Materials.IsSound(m))
            {
                Rule(plant.Materials[m], names.Materials.Sources[m]);
                Origin(scenario, m, names);
            }
        }

        Circles(plant, names);
    }

    private static void Rule(Material material, SourceRecord row)
    {
        var (field, wrong) = material.Reorder switch
        {
            ReorderRule.OrderUpTo when material.OrderUpTo <= material.ReorderPoint => ((Field)MaterialsTable.OrderUpTo, "is not above reorder_point"),
            ReorderRule.FixedQuantity when material.OrderQuantity <= 0 => (MaterialsTable.OrderQuantity, "is missing"),
            ReorderRule.Periodic when material.ReviewPeriod <= Duration.Zero => (MaterialsTable.ReviewPeriod, "is missing"),
            ReorderRule.Periodic when material.OrderUpTo <= 0 => (MaterialsTable.OrderUpTo, "is missing"),
            _ => (MaterialsTable.Id, ""),
        };
        if (wrong.Length > 0)
        {
            row.Error(field, $"{field.Name} of material '{material.Id}' {wrong}", $"The rule '{row[MaterialsTable.Reorder].Text}' needs it.");
        }
    }

    private static void Origin(Scenario scenario, int material, ScenarioNames names)
    {
        var (plant, row, model) = (scenario.Plant, names.Materials.Sources[material], scenario.Plant.Materials[material]);
        if (names.SourcesUnknown || !row.IsSound)
        {
            return;
        }

        if (model.Reorder != ReorderRule.None && !plant.Sources.Any(s => s.Material == material))
        {
            row.Error(MaterialsTable.Reorder, $"material '{model.Id}' is to be ordered but has no source", "Add one to sources.csv.");
        }
        else if (model.Reorder == ReorderRule.None && model.InitialStock == 0 && !scenario.Receipts.Any(r => r.Material == material)
            && !plant.Products.Any(p => p.StockedAs?.Index == material) && plant.BillOfMaterials.Any(b => b.Material == material))
        {
            row.Warn(MaterialsTable.Id, $"material '{model.Id}' is used but never comes: it has no stock, no receipt, no reorder rule and nobody makes it", "Give it one of these.");
        }
    }

    /// <summary>Materials made here of materials made here may not run in a circle: the first of them could never be made.</summary>
    private static void Circles(PlantModel plant, ScenarioNames names)
    {
        var makers = plant.Products.Select((p, i) => (p, i)).Where(x => x.p.StockedAs is not null).ToLookup(x => x.p.StockedAs!.Value.Index, x => x.i);
        var done = new bool[plant.Products.Length];
        var uses = plant.BillOfMaterials.ToLookup(b => b.Product.Index, b => b.Material.Index);
        for (var b = 0; b < plant.BillOfMaterials.Length; b++)
        {
            var product = plant.BillOfMaterials[b].Product.Index;
            if (!done[product] && Reaches(plant.BillOfMaterials[b].Material, product))
            {
                done[product] = true;
                names.BillLines[b].Error(BillOfMaterialsTable.Product, $"product '{plant.Products[product].Id}' is made of itself", "Break the circle of bill_of_materials.csv and stocked_as.");
            }
        }

        bool Reaches(int material, int product)
        {
            var (seen, open) = (new HashSet<int> { material }, new Stack<int>([material]));
            while (open.TryPop(out var m))
            {
                foreach (var maker in makers[m])
                {
                    if (maker == product)
                    {
                        return true;
                    }

                    foreach (var used in uses[maker].Where(seen.Add))
                    {
                        open.Push(used);
                    }
                }
            }

            return false;
        }
    }
}
