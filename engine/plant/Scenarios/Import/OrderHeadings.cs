using System.Text.RegularExpressions;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Import;

/// <summary>Which column of a foreign order list is which field, in English and Chinese.</summary>
internal static partial class OrderHeadings
{
    private const int RowsToSearch = 20;

    /// <summary>The headings of each field, as people write them. Words with two meanings (no, type, amount, lot) are left out: a guess could do harm.</summary>
    public static readonly IReadOnlyList<(Field Field, string Words)> All =
    [
        (OrdersTable.Id, "id order order_id order_no order_number po po_no po_number 订单号 订单编号 订单 单号 生产单号 订单id 编号"),
        (OrdersTable.Product, "product product_id product_code item item_id item_no material sku model article 产品 产品编号 产品编码 产品代码 产品名称 品名 物料 物料编码 型号 货号"),
        (OrdersTable.Quantity, "quantity qty weight pieces 数量 订单数量 订单量 重量 件数 公斤数"),
        (OrdersTable.Unit, "unit uom unit_of_measure 单位 计量单位"),
        (OrdersTable.Family, "family shade shade_group colour_family color_family 色系 色别 深浅 颜色 颜色系"),
        (OrdersTable.Release, "release release_date start start_date earliest_start 投放 投放日期 投放时间 开始 开始日期 开始时间 投放/开始日期 最早开始 计划开始 投产日期 可投日期"),
        (OrdersTable.Due, "due due_date due_time delivery delivery_date deadline promised promised_date required_date 交期 交货期 交货日期 交付日期 到期日 到期 要求交期 客户交期 交货时间"),
        (OrdersTable.Priority, "priority importance 优先级 优先 优先度 权重"),
        (OrdersTable.Kind, "kind order_type sample_bulk sample/bulk 样品/大货 大货/样品 样品大货 类型 订单类型"),
        (OrdersTable.Tenant, "tenant firm company customer client enterprise 企业 客户 公司 厂家 租户 客户名称 企业名称"),
        (OrdersTable.DyeLot, "dye_lot dyelot dye_batch 缸号 染批 批号 缸次"),
        (OrdersTable.LotSize, "lot_size max_lot transfer_batch 批量 最大批量 转移批量 分批量"),
    ];

    private static readonly Dictionary<string, Field> s_known = All
        .SelectMany(a => a.Words.Split(' ').SelectMany(w => new[] { w, w.Replace("_", "", StringComparison.Ordinal) }).Distinct().Select(w => (w, a.Field)))
        .ToDictionary(x => x.w, x => x.Field, StringComparer.Ordinal);

    /// <summary>Finds the heading row — not always the first, since exports begin with titles — and its columns.</summary>
    /// <returns>The place of the heading row, or −1 after reporting that there is none.</returns>
    public static int Find(List<CsvRow> rows, string path, DiagnosticBag bag, out List<(Field? Field, string? Unit)> columns)
    {
        columns = [];
        var best = (Row: -1, Count: 0);
        for (var i = 0; i < Math.Min(rows.Count, RowsToSearch); i++)
        {
            var count = rows[i].Cells.Select(c => Match(c.Text).Field).OfType<Field>().Distinct().Count();
            best = count > best.Count ? (i, count) : best;
        }

        var needed = best.Row >= 0 ? rows[best.Row].Cells.Select(c => Match(c.Text).Field).ToHashSet() : [];
        if (!needed.Contains(OrdersTable.Id) || needed.Count(f => f is not null) < 2)
        {
            bag.Error(path, rows.Count > 0 ? rows[0].Line : 1, 1, "no row with headings of orders was found", "The first row must name its columns, at least the order and one more: id, product, quantity, due … or 订单号, 产品, 数量, 交期 ….");
            return -1;
        }

        foreach (var cell in rows[best.Row].Cells)
        {
            var (field, unit) = Match(cell.Text);
            if (field is not null && columns.Exists(c => c.Field == field))
            {
                bag.Error(path, cell.Line, cell.Column, $"column '{cell.Text}' is another column of {field.Name}", "Remove or rename one of them.");
                return -1;
            }

            if (field is null && cell.Text.Length > 0)
            {
                bag.Warn(path, cell.Line, cell.Column, $"column '{cell.Text}' is not used", Suggestion.For(Plain(cell.Text), s_known.Keys) ?? "");
            }

            columns.Add((field, unit));
        }

        return best.Row;
    }

    /// <summary>The field a heading means, and the unit that it names: <c>数量(kg)</c>, <c>quantity_kg</c>, <c>Qty [kg]</c>.</summary>
    public static (Field? Field, string? Unit) Match(string heading)
    {
        var plain = Plain(heading);
        if (s_known.TryGetValue(plain, out var field))
        {
            return (field, null);
        }

        var m = UnitAtEnd().Match(plain);
        if (!m.Success || !s_known.TryGetValue(m.Groups["name"].Value, out field))
        {
            return (null, null);
        }

        var unit = field.HeadingUnits.Count > 0 ? Units.Find(m.Groups["unit"].Value) : null;
        return unit is not null || m.Groups["open"].Success ? (field, unit) : (null, null);
    }

    private static string Plain(string heading) =>
        Blanks().Replace(NumberText.Narrow(heading).ToLowerInvariant().TrimStart('*').TrimEnd('*', ':'), "_").Trim('_');

    [GeneratedRegex(@"^(?<name>.+?)_?(?:(?<open>[(\[])(?<unit>[^)\]]*)[)\]]|[/_](?<unit>[^/_]+))$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UnitAtEnd();

    [GeneratedRegex(@"[\s._-]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}

/// <summary>Units of quantities by their many names.</summary>
internal static class Units
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["kg"] = "kg", ["kgs"] = "kg", ["公斤"] = "kg", ["千克"] = "kg",
        ["pcs"] = "pcs", ["pc"] = "pcs", ["piece"] = "pcs", ["pieces"] = "pcs", ["件"] = "pcs", ["个"] = "pcs", ["只"] = "pcs", ["台"] = "pcs",
        ["t"] = "t", ["吨"] = "t", ["m"] = "m", ["米"] = "m", ["l"] = "l", ["升"] = "l", ["m3"] = "m3", ["m³"] = "m3", ["立方米"] = "m3",
    };

    /// <summary>The unit's own name, or <c>null</c> when it is not a known unit.</summary>
    public static string? Find(string word) => s_names.GetValueOrDefault(word.Trim());
}
