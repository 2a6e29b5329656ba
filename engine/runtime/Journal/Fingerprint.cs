using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Runtime.Journal;

/// <summary>What the indices in a journal depend on, as 16 hexadecimal digits.</summary>
/// <remarks>Names and shapes only: equipment and its slots, families, cleanings, routings, products, the first order book, the epoch.
/// Times, tariffs and names for people may change without making a journal unreadable.</remarks>
public static class Fingerprint
{
    public static string Of(Scenario scenario)
    {
        var text = new StringBuilder();
        Add(scenario.Id, scenario.Clock.Epoch.ToString("s", CultureInfo.InvariantCulture), scenario.Clock.TimeZone);
        foreach (var e in scenario.Plant.Equipment)
        {
            Add("equipment", e.Id, e.Class.Index, e.Slots);
        }

        foreach (var f in scenario.Plant.Families)
        {
            Add("family", f.Id);
        }

        foreach (var rule in scenario.Plant.ChangeoverRules)
        {
            Add("changeover", rule.Id, rule is ResidueChangeover residue ? string.Join(',', residue.Cleanings.Select(c => c.Id)) : "matrix");
        }

        foreach (var operation in scenario.Plant.WorkMasters.SelectMany(w => w.Operations.Select(o => (w, o))))
        {
            Add("operation", operation.w.Id, operation.o.Id, operation.o.Phases.Length,
                string.Join(',', operation.o.Predecessors) + (operation.o.ReworkBy.IsEmpty ? "" : "!" + string.Join(',', operation.o.ReworkBy)));
        }

        foreach (var p in scenario.Plant.Products)
        {
            Add("product", p.Id, p.WorkMaster.Index);
        }

        foreach (var u in scenario.Plant.Utilities)
        {
            Add("utility", u.Id);
        }

        foreach (var m in scenario.Plant.FailureModes)
        {
            Add("failure mode", m.Id, m.Class?.Index ?? -1, m.Equipment?.Index ?? -1, m.Signal is not null);
        }

        foreach (var p in scenario.Plant.MaintenancePlans)
        {
            Add("maintenance plan", p.Id, p.Class?.Index ?? -1, p.Equipment?.Index ?? -1);
        }

        foreach (var f in scenario.Plant.Fleets)
        {
            Add("fleet", f.Id, f.Count);
        }

        foreach (var l in scenario.Plant.FixtureLoops)
        {
            Add("fixture-loop", l.Id);
        }

        foreach (var o in scenario.Orders)
        {
            Add("order", o.Id, o.Product.Index, o.Quantity.ToString("R", CultureInfo.InvariantCulture), (o.LotSize?.ToString("R", CultureInfo.InvariantCulture) ?? "") + (o.EqualLots ? "=" : "")
                + (o.MakeUp == MakeUpPolicy.None ? "" : string.Create(CultureInfo.InvariantCulture, $"+{o.MakeUpLots}×{o.MakeUpLot ?? o.Quantity / 10:R}")));
        }

        foreach (var m in scenario.Plant.Materials)
        {
            Add("material", m.Id, m.Tracked, m.InitialStock > 0);
        }

        foreach (var s in scenario.Plant.Sources)
        {
            Add("source", s.Material.Index, s.Supplier);
        }

        foreach (var r in scenario.Receipts)
        {
            Add("receipt", r.Material.Index, r.Quantity.ToString("R", CultureInfo.InvariantCulture));
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())), 0, 8);

        void Add(params object[] parts)
        {
            foreach (var part in parts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{part}\t");
            }

            text.Append('\n');
        }
    }
}
