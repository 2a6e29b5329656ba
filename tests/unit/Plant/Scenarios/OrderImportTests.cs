using System.Text;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Ui.Exports;
using MiniExcelLibs;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class OrderImportTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();
    private readonly Scenario _scenario;

    public OrderImportTests()
    {
        _folder.Write("tenants.csv", "id,name,name_zh\nacme,Acme Ltd,顶点公司\n");
        _folder.Write("products.csv", "id,name,name_zh,routing,family\nnavy,Navy yarn,藏青纱,cotton,dark\nsky,Sky yarn,天蓝纱,cotton,light\n");
        _scenario = _folder.Read().Scenario!;
    }

    public void Dispose() => _folder.Dispose();

    private static Encoding EncodingOf(string name) => name switch
    {
        "utf-8" => new UTF8Encoding(false),
        "utf-8 bom" => new UTF8Encoding(true),
        "utf-16le" => new UnicodeEncoding(false, false),
        "utf-16le bom" => new UnicodeEncoding(false, true),
        "utf-16be" => new UnicodeEncoding(true, false),
        "utf-16be bom" => new UnicodeEncoding(true, true),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name)!,
    };

    private OrderImportResult Import(string text, string encoding = "utf-8", OrderImportOptions? options = null)
    {
        var e = EncodingOf(encoding);
        var path = Path.Combine(_folder.Path, "import.csv");
        File.WriteAllBytes(path, [.. e.GetPreamble(), .. e.GetBytes(text.ReplaceLineEndings("\r\n"))]);
        return OrderImport.Read(path, _scenario, options);
    }

    private string[] Reasons(OrderImportResult result) =>
        [.. result.Diagnostics.Concat(result.Rows.SelectMany(r => r.Reasons)).Select(d => d.ToString().Replace(_folder.Path + "/", "", StringComparison.Ordinal))];

    public static TheoryData<string, string, string> Forms()
    {
        var forms = new TheoryData<string, string, string>();
        foreach (var encoding in new[] { "utf-8", "utf-8 bom", "utf-16le", "utf-16le bom", "utf-16be", "utf-16be bom", "gb18030", "gb2312" })
        {
            foreach (var separator in new[] { ",", ";", "\t" })
            {
                foreach (var date in new[] { "2026-03-09 14:30", "2026/3/9 14:30", "2026-03-09T14:30:00", "2026年3月9日 14:30", "2026年3月9日下午2时30分", "２０２６－０３－０９ １４：３０", "46090.6041666667" })
                {
                    forms.Add(encoding, separator, date);
                }
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_encoding_separator_and_date_form_gives_the_same_order(string encoding, string separator, string date)
    {
        var text = "订单号,产品,数量,交期,优先级,企业,样品/大货\nPO-9,藏青纱,６０,DATE,2,顶点公司,样品\n".Replace(",", separator, StringComparison.Ordinal).Replace("DATE", date, StringComparison.Ordinal);
        var result = Import(text, encoding);
        Assert.Empty(Reasons(result));
        var order = Assert.Single(result.Rows).Order!;
        Assert.Equal(ImportAction.Add, result.Rows[0].Action);
        Assert.Equal(
            new Order
            {
                Id = "PO-9",
                Product = new ProductId(0),
                Quantity = 60,
                Unit = "kg",
                Due = _scenario.Clock.FromLocal(new DateTime(2026, 3, 9, 14, 30, 0)),
                Priority = 2,
                Tenant = new TenantId(0),
                Kind = OrderKind.Sample,
            },
            order);
    }

    [Theory]
    [InlineData("订单编号,产品名称,订单数量(公斤),交货日期,投放/开始日期,色系,单位")]
    [InlineData("Order No.,Item,Qty [kg],Delivery Date,Release,Shade,UOM")]
    [InlineData("order_id,product,quantity_kg,due,release_date,family,unit")]
    [InlineData("* 单号：,物料编码,数量/kg,要求交期,开始时间,颜色,计量单位")]
    public void Headings_are_understood_in_both_languages(string headings)
    {
        var result = Import(headings + "\nPO-9,sky,60,2026-03-09,2026-03-04,dark,\n");
        Assert.Empty(Reasons(result));
        var order = Assert.Single(result.Rows).Order!;
        Assert.Equal(("PO-9", 1, 60.0, "kg"), (order.Id, order.Product.Index, order.Quantity, order.Unit));
        Assert.Equal(new FamilyId(0), order.Family);
        Assert.Equal(_scenario.Clock.FromLocal(new DateTime(2026, 3, 9)), order.Due);
        Assert.Equal(_scenario.Clock.FromLocal(new DateTime(2026, 3, 4)), order.Release);
    }

    [Fact]
    public void Rows_add_change_keep_or_refuse_and_say_what_and_why()
    {
        var result = Import("""
            id,product,quantity,due,priority
            PO-1,navy,90,2026-03-05 17:00,3
            PO-2,sky,250,2026-03-06 17:00,
            PO-3,navy,40,2026-03-09 12:00,1
            PO-4,nawy,40,2026-03-09 12:00,1
            PO-3,sky,40,2026-03-09 12:00,1
            ,sky,40,2026-03-09 12:00,1
            PO-5,sky,900,tomorrow,-1
            """);
        Assert.Equal(
            [ImportAction.Change, ImportAction.Keep, ImportAction.Add, ImportAction.Refuse, ImportAction.Refuse, ImportAction.Refuse, ImportAction.Refuse],
            result.Rows.Select(r => r.Action));
        Assert.Equal([new FieldChange("quantity", "80", "90"), new FieldChange("priority", "", "3")], result.Rows[0].Changes);
        Assert.Equal(
            [
                "import.csv:5:6: product 'nawy' is not in products.csv — Maybe you meant 'navy'?",
                "import.csv:6:1: order 'PO-3' stands in this file twice — Line 4 has it first; keep one of them.",
                "import.csv:7:1: id is missing — Write an id, such as PO-1027.",
                "import.csv:8:14: due 'tomorrow' is not a date and time — Write it like 2026-03-02 08:00.",
                "import.csv:8:23: priority '-1' must be > 0 — Maybe the minus sign came from a pasted range?",
            ],
            Reasons(result));
        Assert.Equal(["PO-1", "PO-2", "PO-3"], result.Orders.Select(o => o.Id));
        Assert.Equal([90, 250, 40], result.Orders.Select(o => o.Quantity));
        Assert.Equal((1, 1, 1, 4), (result.Added, result.Changed, result.Kept, result.Refused));
    }

    [Fact]
    public void Refused_row_never_half_enters_an_existing_order()
    {
        var result = Import("id,quantity,due\nPO-1,95,2026-02-30\n");
        Assert.Equal(ImportAction.Refuse, Assert.Single(result.Rows).Action);
        Assert.Equal(_scenario.Orders, result.Orders);
    }

    [Fact]
    public void All_or_nothing_lets_nothing_in_when_a_row_is_refused()
    {
        const string Text = "id,product,quantity\nPO-3,navy,40\nPO-4,nothing,40\n";
        Assert.Equal(3, Import(Text).Orders.Length);
        var strict = Import(Text, options: new OrderImportOptions { AllOrNothing = true });
        Assert.False(strict.CanApply);
        Assert.Equal(_scenario.Orders, strict.Apply().Orders);
    }

    [Fact]
    public void Missing_columns_and_empty_cells_keep_what_the_order_book_says()
    {
        var result = Import("id,due,priority\nPO-1,,4\n");
        Assert.Equal(_scenario.Orders[0] with { Priority = 4 }, Assert.Single(result.Rows).Order);
    }

    [Fact]
    public void Title_rows_above_the_headings_and_unused_columns_do_no_harm()
    {
        var result = Import("三月生产计划,,,\n,,,\n订单号,产品,备注,数量\nPO-9,navy,急,60\n");
        Assert.Equal(["import.csv:3:8: warning: column '备注' is not used"], Reasons(result));
        Assert.Equal(4, Assert.Single(result.Rows).Line);
    }

    [Theory]
    [InlineData(";", "12,5", 12.5)]
    [InlineData(";", "1.234,5", 1234.5)]
    [InlineData(";", "1 234,5", 1234.5)]
    [InlineData("\t", "1,234.5", 1234.5)]
    [InlineData(",", "\"1,234\"", 1234)]
    [InlineData(",", "\"1,234.5\"", 1234.5)]
    [InlineData(",", "1'234.5", 1234.5)]
    [InlineData(",", "１２．５", 12.5)]
    [InlineData(",", "12.5 kg", 12.5)]
    [InlineData(",", "12.5公斤", 12.5)]
    public void Numbers_with_one_reading_are_read(string separator, string quantity, double expected)
    {
        _folder.Write("equipment.csv", "id,class\nvat-1,vat\ndry-1,dryer\n");
        var roomy = _folder.Read().Scenario!;
        var path = Path.Combine(_folder.Path, "import.csv");
        File.WriteAllText(path, $"id{separator}product{separator}quantity\nPO-9{separator}navy{separator}{quantity}\n");
        Assert.Equal(expected, Assert.Single(OrderImport.Read(path, roomy).Rows).Order!.Quantity);
    }

    [Fact]
    public void Number_with_two_readings_is_refused_unless_its_column_decides()
    {
        var alone = Import("id;product;quantity\nPO-8;navy;1.234\n");
        Assert.Equal(["import.csv:2:11: quantity '1.234' has two readings — Write 1234 or 1.234."], Reasons(alone));
        var decided = Import("id;product;quantity\nPO-8;sky;0,234\nPO-9;navy;1,234\n");
        Assert.Equal([0.234, 1.234], decided.Rows.Select(r => r.Order!.Quantity));
    }

    [Fact]
    public void Unit_in_the_cell_must_agree_with_the_unit_column()
    {
        var result = Import("id,product,quantity,unit\nPO-9,navy,60 kg,pcs\n");
        Assert.Equal(["import.csv:2:17: unit 'pcs' contradicts the quantity, which is in 'kg' — Keep one of them."], Reasons(result));
    }

    [Fact]
    public void Id_that_a_spreadsheet_has_rounded_is_refused()
    {
        var result = Import("id,product,quantity\n2.02603E+11,navy,60\n");
        Assert.Equal(["import.csv:2:1: id '2.02603E+11' is a number that a spreadsheet has rounded — Format the column as text and export it again."], Reasons(result));
    }

    [Fact]
    public void Order_that_fits_no_equipment_is_refused()
    {
        var result = Import("id,product,quantity\nPO-9,navy,450\n");
        Assert.Equal(["import.csv:2:11: a lot of 450 of order 'PO-9' fits no equipment for operation 'scour': the largest, 'vat-2', takes 300 — Split the order: lot_size 300."], Reasons(result));
    }

    [Fact]
    public void Workbook_with_titles_real_dates_and_numbers_is_read()
    {
        var path = Path.Combine(_folder.Path, "import.xlsx");
        MiniExcel.SaveAs(path, new object?[][]
        {
            ["三月订单", null, null, null],
            [null, null, null, null],
            ["订单号", "产品", "数量", "交期"],
            [1027, "navy", 60.5, new DateTime(2026, 3, 9, 14, 30, 0)],
            ["PO-8", "sky", "70", 46089.5],
        }.Select(r => r.Select((v, i) => (Key: "ABCD"[i].ToString(), Value: v)).ToDictionary(x => x.Key, x => x.Value)), printHeader: false);
        var result = OrderImport.Read(path, _scenario);
        Assert.Empty(Reasons(result));
        Assert.Equal("Excel", result.Source);
        Assert.Equal([4, 5], result.Rows.Select(r => r.Line));
        Assert.Equal(["1027", "PO-8"], result.Rows.Select(r => r.Order!.Id));
        Assert.Equal([_scenario.Clock.FromLocal(new DateTime(2026, 3, 9, 14, 30, 0)), _scenario.Clock.FromLocal(new DateTime(2026, 3, 8, 12, 0, 0))], result.Rows.Select(r => r.Order!.Due!.Value));
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Xlsx)]
    public void Exported_order_book_imports_without_any_change(ExportFormat format) =>
        ScenarioGen.Any.Where(s => s.Orders.Length > 0).Sample(
            scenario =>
            {
                // An id that a spreadsheet would run as a formula leaves guarded and comes home as it was.
                scenario = scenario with { Orders = scenario.Orders.SetItem(0, scenario.Orders[0] with { Id = "=1+1" }) };
                var path = Path.Combine(_folder.Path, $"orders.{format}");
                using (var stream = File.Create(path))
                {
                    PlantExports.Orders(CompiledScenario.Compile(scenario)).WriteTo(stream, format);
                }

                var result = OrderImport.Read(path, scenario);
                Assert.All(result.Rows, r => Assert.True(r.Action == ImportAction.Keep, $"{r.OrderId} {r.Action} {string.Join(';', r.Changes)} {string.Join(';', r.Reasons)}"));
                Assert.Equal(scenario.Orders.Length, result.Rows.Length);
            },
            iter: 25, threads: 1);

    [Fact]
    public void Files_that_cannot_be_read_are_refused_whole()
    {
        Assert.Equal(["import.csv: the file is neither UTF-8, UTF-16 nor GB18030 text, nor a workbook — In Excel, save it as .xlsx or as \"CSV UTF-8\"."], Reasons(Import("id,product,quantity\nPO-9,Größe für Bär,3\n", "windows-1252")));
        Assert.Equal(["import.csv:1:1: no row with headings of orders was found — The first row must name its columns, at least the order and one more: id, product, quantity, due … or 订单号, 产品, 数量, 交期 …."], Reasons(Import("a,b,c\n1,2,3\n")));
        var path = Path.Combine(_folder.Path, "import.csv");
        File.WriteAllBytes(path, [0xD0, 0xCF, 0x11, 0xE0, 0xA1]);
        Assert.Equal(["import.csv: the file is a workbook of the old kind (.xls) — Save it as .xlsx or as \"CSV UTF-8\"."], Reasons(OrderImport.Read(path, _scenario)));
        File.WriteAllBytes(path, [.. "PK\u0003\u0004 not a zip"u8]);
        Assert.StartsWith("import.csv: the file is not a readable workbook", Assert.Single(Reasons(OrderImport.Read(path, _scenario))), StringComparison.Ordinal);
        Assert.StartsWith("import.csv: the file cannot be read", Reasons(OrderImport.Read(Path.Combine(_folder.Path, "nowhere", "import.csv"), _scenario))[0].Replace("nowhere/", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
