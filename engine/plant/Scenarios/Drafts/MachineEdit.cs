using System.Collections.Immutable;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>Machines come and go, with everything that names them.</summary>
internal static class MachineEdit
{
    private const string Prefix = "equipment:";

    public static void Add(PatchTarget target, AddMachine patch)
    {
        var table = EquipmentTable.Shape;
        var rows = target.Draft.Rows(table);
        Cell[] row;
        if (patch.Like is { } like)
        {
            if (target.Find(table, DraftFields.Machine, like) is not { } model)
            {
                return;
            }

            // What belongs to the one machine stays with it: its name and its place on the map.
            row = [.. model.Select((cell, i) => PatchTarget.CellOf(patch.Place) with { Text = table.Fields[i].Name is "name" or "name_zh" or "x_m" or "y_m" ? "" : cell.Text })];
            row[DraftFields.Machine.Ordinal] = PatchTarget.CellOf(patch.Place) with { Text = "" };
        }
        else
        {
            row = PatchTarget.NewRow(table, patch.Place);
        }

        target.Set(table, row, patch.Columns);
        var id = row[DraftFields.Machine.Ordinal];
        if (!id.IsEmpty && rows.Exists(r => r[DraftFields.Machine.Ordinal].Text == id.Text))
        {
            target.Error(id, $"machine '{id.Text}' is there already", "Give the new one another id.");
            return;
        }

        rows.Add(row);
        if (patch.Like is { } original && !id.IsEmpty)
        {
            CopyMentions(target.Draft, original.Text, id.Text);
        }
    }

    public static void Remove(PatchTarget target, PatchText machine)
    {
        if (target.Find(EquipmentTable.Shape, DraftFields.Machine, machine) is not { } row)
        {
            return;
        }

        target.Draft.Rows(EquipmentTable.Shape).Remove(row);
        foreach (var (shape, field) in Mentions())
        {
            var rows = target.Draft.Rows(shape);
            if (field is Field<ImmutableArray<string>>)
            {
                foreach (var cells in rows)
                {
                    ref var cell = ref cells[field.Ordinal];
                    cell = Names(cell, machine.Text) ? cell with { Text = string.Join("; ", Items(cell).Where(i => !Means(i, machine.Text))) } : cell;
                }
            }
            else
            {
                rows.RemoveAll(cells => Means(cells[field.Ordinal].Text, machine.Text));
            }
        }
    }

    /// <summary>A copy may do, and needs, what its model does; only what happens at a known moment happens to the model alone.</summary>
    private static void CopyMentions(ScenarioDraft draft, string model, string copy)
    {
        foreach (var (shape, field) in Mentions().Where(m => m.Shape != DisturbancesTable.Shape))
        {
            var rows = draft.Rows(shape);
            foreach (var cells in rows.ToList().Where(cells => Names(cells[field.Ordinal], model)))
            {
                if (field is Field<ImmutableArray<string>>)
                {
                    cells[field.Ordinal] = cells[field.Ordinal] with { Text = $"{cells[field.Ordinal].Text}; {copy}" };
                }
                else
                {
                    var row = (Cell[])cells.Clone();
                    row[field.Ordinal] = row[field.Ordinal] with { Text = copy };
                    rows.Insert(rows.IndexOf(cells) + 1, row);
                }
            }
        }
    }

    /// <summary>Columns of other tables that name a machine.</summary>
    private static IEnumerable<(Shape Shape, Field Field)> Mentions() =>
        ScenarioFormat.Tables.Where(t => t.Shape != EquipmentTable.Shape)
            .SelectMany(t => t.Shape.Fields.Where(f => f.Name is "equipment" or "alternative" or "alternatives").Select(f => (t.Shape, f)));

    private static bool Names(Cell cell, string machine) => Items(cell).Any(i => Means(i, machine));

    private static string[] Items(Cell cell) => (cell.Text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool Means(string item, string machine) =>
        item == machine || (item.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && item[Prefix.Length..].Trim() == machine);
}
