using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Checks;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Import;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Reads order lists as other systems and spreadsheets write them, and says row by row what would become of the order book.</summary>
/// <remarks>
/// Excel (.xlsx) and separated text: comma, semicolon or tab; UTF-8, UTF-16 or GB18030, with or without byte order mark; English or Chinese
/// headings, also below title rows; ISO and Chinese dates and spreadsheet serial numbers; decimal point or comma, thousands marks and
/// full-width digits where only one reading is possible. Orders are matched by id: columns that are missing and cells that are empty keep
/// what the order book says. A row enters whole or not at all.
/// </remarks>
public static class OrderImport
{
    private static readonly Field[] s_numbers = [OrdersTable.Quantity, OrdersTable.Priority, OrdersTable.LotSize];

    /// <summary>Never throws for what is in the file.</summary>
    public static OrderImportResult Read(string path, Scenario scenario, OrderImportOptions? options = null)
    {
        options ??= new OrderImportOptions();
        var bag = new DiagnosticBag();
        var rows = ImmutableArray<OrderImportRow>.Empty;
        var sheet = Sheet.Read(path, options.Sheet, bag);
        if (sheet is not null && OrderHeadings.Find(sheet.Rows, path, bag, out var columns) is >= 0 and var heading)
        {
            rows = new Reading(path, scenario, sheet, columns, heading).Rows();
        }

        return new OrderImportResult(scenario, options.AllOrNothing) { Source = sheet?.Kind ?? "", Rows = rows, Diagnostics = [.. bag.All] };
    }

    private sealed class Reading
    {
        private readonly string _path;
        private readonly Scenario _scenario;
        private readonly List<CsvRow> _rows;
        private readonly List<(Field? Field, string? Unit)> _columns;
        private readonly OrderCells _cells;
        private readonly ScenarioNames _names;
        private readonly Eligibility _eligibility;
        private readonly Dictionary<string, Order> _book;
        private readonly Dictionary<string, int> _firstLine = new(StringComparer.Ordinal);
        private readonly HashSet<(string, string)> _unitsTold = [];
        private readonly string? _usualUnit;

        public Reading(string path, Scenario scenario, Sheet sheet, List<(Field? Field, string? Unit)> columns, int heading)
        {
            _path = path;
            _scenario = scenario;
            _rows = [.. sheet.Rows.Skip(heading + 1)];
            _columns = columns;
            _cells = new OrderCells(scenario, s_numbers.ToDictionary(f => f, f => NumberText.Detect(Column(f).Select(t => OrderCells.SplitUnit(t).Number), sheet.Decimals)));
            _names = ScenarioNames.Of(scenario);
            _eligibility = new Eligibility(scenario, _names);
            _book = scenario.Orders.ToDictionary(o => o.Id, StringComparer.Ordinal);
            _usualUnit = scenario.Orders.Select(o => o.Unit).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var only] ? only : null;
        }

        public ImmutableArray<OrderImportRow> Rows() => [.. _rows.Select(Row)];

        private IEnumerable<string> Column(Field field)
        {
            var at = _columns.FindIndex(c => c.Field == field);
            return at < 0 ? [] : _rows.Where(r => r.Cells.Count > at).Select(r => r.Cells[at].Text).Where(t => t.Length > 0);
        }

        private OrderImportRow Row(CsvRow row)
        {
            var bag = new DiagnosticBag();
            var cells = new Cell[OrdersTable.Shape.Fields.Count];
            Array.Fill(cells, new Cell("", row.Line, row.EndColumn));
            var record = new SourceRecord(OrdersTable.Shape, _path, cells, bag, new ParseContext(_scenario.Clock));
            Take(row, cells, record);
            var id = record.Get(OrdersTable.Id);
            var old = _book.GetValueOrDefault(id);
            if (record.Has(OrdersTable.Id) && !_firstLine.TryAdd(id, row.Line))
            {
                record.Error(OrdersTable.Id, $"order '{id}' stands in this file twice", $"Line {_firstLine[id]} has it first; keep one of them.");
            }

            Complete(cells, old);
            record.RequireAll(_ => true);
            var order = Unchanged(old, OrdersTable.Read(record, id, _names));
            if (record.IsSound)
            {
                OrderChecks.Check(order, record, _scenario.Plant, _names, _eligibility, _unitsTold);
            }

            var changes = record.IsSound ? Changes(old, order) : [];
            return new OrderImportRow
            {
                Action = !record.IsSound ? ImportAction.Refuse : old is null ? ImportAction.Add : changes.IsEmpty ? ImportAction.Keep : ImportAction.Change,
                OrderId = id,
                Line = row.Line,
                Order = record.IsSound ? order : null,
                Changes = changes,
                Reasons = [.. bag.All],
            };
        }

        /// <summary>Puts the row's values into the cells of an order, in the forms of orders.csv.</summary>
        private void Take(CsvRow row, Cell[] cells, SourceRecord record)
        {
            foreach (var (cell, i) in row.Cells.Select((c, i) => (c with { Text = OrderCells.Unguarded(c.Text) }, i)))
            {
                if (cell.Text.Length == 0)
                {
                    if (i < _columns.Count && _columns[i].Field is { } empty)
                    {
                        cells[empty.Ordinal] = cell;
                    }
                }
                else if (i >= _columns.Count)
                {
                    record.Error(cell, $"value '{cell.Text}' stands beyond the last of {_columns.Count} columns", "Maybe a value that contains the separator needs quotes?");
                }
                else if (_columns[i].Field is { } field)
                {
                    var (number, unit) = field.HeadingUnits.Count > 0 ? OrderCells.SplitUnit(cell.Text) : (cell.Text, null);
                    var canonical = _cells.Canonical(field, number, out var trouble);
                    cells[field.Ordinal] = cell with { Text = canonical, HeadingUnit = unit ?? _columns[i].Unit };
                    if (trouble.What is not null)
                    {
                        record.Error(field, $"{field.Name} '{cell.Text}' {trouble.What}", trouble.WayOut);
                    }
                }
            }

            var quantity = cells[OrdersTable.Quantity.Ordinal];
            if (quantity.HeadingUnit is { } named && cells[OrdersTable.Unit.Ordinal] is { Text.Length: > 0 } given && given.Text != named)
            {
                record.Error(OrdersTable.Unit, $"unit '{given.Text}' contradicts the quantity, which is in '{named}'", "Keep one of them.");
            }
        }

        /// <summary>Fills what the row leaves open: from the order as it stands, and the unit from the order book's usual one.</summary>
        private void Complete(Cell[] cells, Order? old)
        {
            var known = old is null ? null : Texts(old);
            for (var i = 0; i < cells.Length; i++)
            {
                if (known is not null && cells[i].Text.Length == 0 && !(i == OrdersTable.Unit.Ordinal && cells[OrdersTable.Quantity.Ordinal].HeadingUnit is not null))
                {
                    cells[i] = cells[i] with { Text = known[i] };
                }
            }

            if (old is null && cells[OrdersTable.Unit.Ordinal].Text.Length == 0 && cells[OrdersTable.Quantity.Ordinal].HeadingUnit is null && _usualUnit is not null)
            {
                cells[OrdersTable.Unit.Ordinal] = cells[OrdersTable.Unit.Ordinal] with { Text = _usualUnit };
            }
        }

        /// <summary>Undoes differences that are only those of the form: exports give moments to the second, and the product's family where the order has none.</summary>
        private Order Unchanged(Order? old, Order order)
        {
            if (old is null)
            {
                return order;
            }

            var ownFamily = order.Product.Index < _scenario.Plant.Products.Length ? _scenario.Plant.Products[order.Product].Family : null;
            return order with
            {
                Release = Same(old.Release, order.Release) ? old.Release : order.Release,
                Due = old.Due is { } before && order.Due is { } after && Same(before, after) ? before : order.Due,
                Family = old.Family is null && order.Family == ownFamily ? null : order.Family,
            };

            static bool Same(SimTime a, SimTime b) => Math.Abs((a - b).Milliseconds) < Duration.MillisecondsPerSecond;
        }

        private ImmutableArray<FieldChange> Changes(Order? old, Order order)
        {
            var (before, after) = (old is null ? null : Texts(old), Texts(order));
            return
            [
                .. OrdersTable.Shape.Fields.Where(f => f != OrdersTable.Id && (before?[f.Ordinal] ?? "") != after[f.Ordinal])
                    .Select(f => new FieldChange(f.Name, before?[f.Ordinal] ?? "", after[f.Ordinal])),
            ];
        }

        private string[] Texts(Order order)
        {
            var table = new TableWriter(OrdersTable.Shape, _scenario.Clock);
            OrdersTable.Write(_scenario with { Orders = [order] }, table);
            return table.Values(0);
        }
    }
}
