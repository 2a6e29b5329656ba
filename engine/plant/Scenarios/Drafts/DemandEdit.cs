using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>More or less of what is ordered.</summary>
internal static class DemandEdit
{
    public static void Apply(PatchTarget target, ChangeDemand patch)
    {
        if (Selected(target, patch) is not { } rows)
        {
            return;
        }

        if (patch.By == DemandBy.Quantity)
        {
            foreach (var row in rows)
            {
                Scale(row, 1 + patch.Change, patch.Place);
            }

            return;
        }

        // The luck of an order decides its place in the queue of those to be copied or left out, so that a smaller change is part of a larger one.
        var luck = new RandomSource(patch.Seed, 0);
        var queue = rows.OrderBy(r => luck.Uniform(RandomSource.Key(r[OrdersTable.Id.Ordinal].Text), 0)).ToList();
        var book = target.Draft.Rows(OrdersTable.Shape);
        var count = (int)Math.Round(Math.Abs(patch.Change) * queue.Count, MidpointRounding.AwayFromZero);
        if (patch.Change < 0)
        {
            var gone = queue.Take(count).ToHashSet();
            book.RemoveAll(gone.Contains);
            return;
        }

        var ids = book.Select(r => r[OrdersTable.Id.Ordinal].Text).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var copy = (Cell[])queue[i % queue.Count].Clone();
            copy[OrdersTable.Id.Ordinal] = copy[OrdersTable.Id.Ordinal] with { Text = NewId(copy[OrdersTable.Id.Ordinal].Text, ids) };
            book.Add(copy);
        }
    }

    private static string NewId(string like, HashSet<string> taken)
    {
        for (var n = 2; ; n++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{like}+{n}");
            if (taken.Add(id))
            {
                return id;
            }
        }
    }

    /// <summary>A whole number of pieces stays whole.</summary>
    private static void Scale(Cell[] row, double factor, PatchText place)
    {
        ref var cell = ref row[OrdersTable.Quantity.Ordinal];
        if (OrdersTable.Quantity.Type.Parse(cell.Text, default, out var quantity, out _))
        {
            var unit = row[OrdersTable.Unit.Ordinal].Text;
            var isPieces = quantity == Math.Floor(quantity) && (unit.Length == 0 || unit == OrdersTable.Unit.Default);
            var scaled = isPieces ? Math.Max(1, Math.Round(quantity * factor, MidpointRounding.AwayFromZero)) : quantity * factor;
            cell = PatchTarget.CellOf(place with { Text = NumberText.Format(scaled) });
        }
    }

    private static List<Cell[]>? Selected(PatchTarget target, ChangeDemand patch)
    {
        var products = target.Draft.Rows(ProductsTable.Shape);
        if ((patch.Product is { } product && target.Find(ProductsTable.Shape, DraftFields.Product, product) is null)
            | (patch.Family is { } family && target.Find(FamiliesTable.Shape, DraftFields.Family, family) is null)
            | (patch.Tenant is { } tenant && target.Find(TenantsTable.Shape, DraftFields.Tenant, tenant) is null))
        {
            return null;
        }

        var familyOf = products.ToDictionary(p => p[DraftFields.Product.Ordinal].Text, p => p[DraftFields.ProductFamily.Ordinal].Text, StringComparer.Ordinal);
        var rows = target.Draft.Rows(OrdersTable.Shape).Where(r =>
            (patch.Product is not { } p || r[OrdersTable.Product.Ordinal].Text == p.Text)
            && (patch.Tenant is not { } t || r[OrdersTable.Tenant.Ordinal].Text == t.Text)
            && (patch.Family is not { } f || FamilyOf(r) == f.Text)).ToList();
        if (rows.Count == 0)
        {
            target.Error(patch.Place, "no order of the book is meant", "Ask for less: product, family and tenant must all be true of an order.");
            return null;
        }

        return rows;

        string? FamilyOf(Cell[] row) => row[OrdersTable.Family.Ordinal] is { IsEmpty: false } own ? own.Text : familyOf.GetValueOrDefault(row[OrdersTable.Product.Ordinal].Text);
    }
}
