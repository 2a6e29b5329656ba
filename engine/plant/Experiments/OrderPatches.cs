using System.Collections.Immutable;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Experiments;

/// <summary>An order more, at the end of the book.</summary>
/// <param name="Columns">Columns of <c>orders.csv</c>. Where the unit is left out, it is the one that the book uses for the product.</param>
public sealed record RushOrder(ImmutableArray<PatchColumn> Columns) : ScenarioPatch
{
    public override string Describe() => $"rush order {this["id"]}: {this["quantity"]} of {this["product"]}{(this["due"] is { Length: > 0 } due ? $", due {due}" : "")}";

    private string this[string column] => Columns.FirstOrDefault(c => c.Column == column).Value.Text ?? "";

    internal override void Apply(PatchTarget target)
    {
        var row = PatchTarget.NewRow(OrdersTable.Shape, Place);
        target.Set(OrdersTable.Shape, row, Columns);
        var book = target.Draft.Rows(OrdersTable.Shape);
        if (book.Find(r => r[OrdersTable.Id.Ordinal].Text == row[OrdersTable.Id.Ordinal].Text) is not null)
        {
            target.Error(row[OrdersTable.Id.Ordinal], $"order '{row[OrdersTable.Id.Ordinal].Text}' is in the book already", "Give the new one another id, or use change_order.");
            return;
        }

        if (row[OrdersTable.Unit.Ordinal].IsEmpty)
        {
            var product = row[OrdersTable.Product.Ordinal].Text;
            var like = book.Find(r => r[OrdersTable.Product.Ordinal].Text == product) ?? book.FirstOrDefault();
            row[OrdersTable.Unit.Ordinal] = row[OrdersTable.Unit.Ordinal] with { Text = like?[OrdersTable.Unit.Ordinal].Text ?? "" };
        }

        book.Add(row);
    }
}

/// <summary>Orders that will not be made.</summary>
public sealed record CancelOrders(ImmutableArray<PatchText> Orders) : ScenarioPatch
{
    public override string Describe() => $"cancel {Names(Orders)}";

    internal override void Apply(PatchTarget target)
    {
        foreach (var order in Orders)
        {
            if (target.Find(OrdersTable.Shape, OrdersTable.Id, order) is { } row)
            {
                target.Draft.Rows(OrdersTable.Shape).Remove(row);
            }
        }
    }
}

/// <summary>Other values for an order of the book: due date, quantity, priority.</summary>
/// <param name="Columns">Columns of <c>orders.csv</c> that get another value.</param>
public sealed record ChangeOrder(PatchText Order, ImmutableArray<PatchColumn> Columns) : ScenarioPatch
{
    public override string Describe() => $"order {Order}: {InWords(Columns)}";

    internal override void Apply(PatchTarget target)
    {
        if (target.Find(OrdersTable.Shape, OrdersTable.Id, Order) is { } row)
        {
            target.Set(OrdersTable.Shape, row, Columns);
        }
    }
}

/// <summary>What <see cref="ChangeDemand"/> changes.</summary>
public enum DemandBy
{
    /// <summary>Every order's quantity.</summary>
    Quantity,

    /// <summary>The number of orders: copies appear, or orders are left out, chosen by the seed.</summary>
    Orders,
}

/// <summary>More or less demand, for all or some of the orders.</summary>
/// <param name="Change">+0.2 is a fifth more; above −1.</param>
/// <param name="Product">Only orders of this product; <c>null</c> for all.</param>
/// <param name="Family">Only orders of this family, their own or their product's; <c>null</c> for all.</param>
/// <param name="Tenant">Only orders of this firm; <c>null</c> for all.</param>
/// <param name="Seed">Which orders are copied or left out. The choice for +10 % is part of that for +20 %.</param>
public sealed record ChangeDemand(double Change, DemandBy By, PatchText? Product = null, PatchText? Family = null, PatchText? Tenant = null, ulong Seed = 1) : ScenarioPatch
{
    public override string Describe()
    {
        var of = new[] { Product, Family, Tenant }.OfType<PatchText>().Select(p => p.Text).ToArray();
        return FormattableString.Invariant($"demand {(Change > 0 ? "+" : "−")}{Math.Abs(Change) * 100:0.##} % by {By.ToString().ToLowerInvariant()}{(of.Length > 0 ? $" of {string.Join(", ", of)}" : "")}");
    }

    internal override void Apply(PatchTarget target) => DemandEdit.Apply(target, this);
}
