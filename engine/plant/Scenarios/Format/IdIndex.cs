using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>The names of one kind of thing, and the record that each came from, in the order of their ids.</summary>
/// <param name="home">Where a name is defined, for messages: <c>families.csv</c>.</param>
internal sealed class IdIndex(string home)
{
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);

    public string Home { get; } = home;

    /// <summary>Record of each thing, by index.</summary>
    public List<SourceRecord> Sources { get; } = [];

    public IReadOnlyCollection<string> Ids => _byId.Keys;

    /// <summary>Set when the place that defines these names is itself unreadable; a missing name is then no news.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>Enters the next thing; a repeated name is reported at the repetition.</summary>
    public string Add(SourceRecord record, Field<string> idField)
    {
        var id = record.Get(idField);
        if (record.Has(idField) && !_byId.TryAdd(id, Sources.Count))
        {
            record.Error(idField, $"{idField.Name} '{id}' is used twice", $"Line {Sources[_byId[id]].Line} has it first; give one of them another {idField.Name}.");
        }

        Sources.Add(record);
        return id;
    }

    /// <summary>Enters a thing that is known to be sound.</summary>
    public void Add(string id, SourceRecord record)
    {
        _byId.TryAdd(id, Sources.Count);
        Sources.Add(record);
    }

    public int? Find(string id) => _byId.TryGetValue(id, out var index) ? index : null;

    public bool IsSound(int index) => index >= 0 && index < Sources.Count && Sources[index].IsSound;

    /// <summary>The thing a field names; <c>null</c> where the field is empty or, reported, names nothing.</summary>
    public int? Resolve(SourceRecord record, Field<string> field) =>
        record.Has(field) ? Resolve(record, field, record[field]) : null;

    /// <summary>The things a list names; unknown ones are reported and left out.</summary>
    public IEnumerable<int> ResolveAll(SourceRecord record, Field field)
    {
        foreach (var item in record.Items(field))
        {
            if (Resolve(record, field, item) is { } index)
            {
                yield return index;
            }
        }
    }

    public int? Resolve(SourceRecord record, Field field, Cell at)
    {
        if (_byId.TryGetValue(at.Text, out var index))
        {
            return index;
        }

        if (!IsUnknown)
        {
            record.Error(at, $"{field.Name} '{at.Text}' is not in {Home}", Suggestion.For(at.Text, _byId.Keys) ?? $"Add it there, or correct the name.");
        }

        return null;
    }
}

/// <summary>All names of a scenario while it is being read.</summary>
internal sealed class ScenarioNames
{
    public IdIndex Tenants { get; } = new("tenants.csv");
    public IdIndex Tariffs { get; } = new("scenario.yaml under tariffs");
    public IdIndex Sites { get; } = new("sites.csv");
    public IdIndex Calendars { get; } = new("calendars.csv");
    public IdIndex Families { get; } = new("families.csv");
    public IdIndex ChangeoverRules { get; } = new("scenario.yaml under changeover_rules");
    public IdIndex Auxiliaries { get; } = new("auxiliaries.csv");
    public IdIndex EquipmentClasses { get; } = new("equipment_classes.csv");
    public IdIndex Equipment { get; } = new("equipment.csv");
    public IdIndex WorkMasters { get; } = new("routings.csv");
    public IdIndex Products { get; } = new("products.csv");
    public IdIndex Orders { get; } = new("orders.csv");
    public IdIndex Utilities { get; } = new("utilities.csv");
    public IdIndex FailureModes { get; } = new("failure_modes.csv");
    public IdIndex MaintenancePlans { get; } = new("maintenance.csv");
    public IdIndex Lines { get; } = new("scenario.yaml under lines");

    /// <summary>Says which tables could not be read whole, so that names which they may define are not reported as missing.</summary>
    public void MarkUnknown(Func<string, bool> isBroken)
    {
        foreach (var index in (IdIndex[])[Tenants, Sites, Calendars, Families, Auxiliaries, EquipmentClasses, Equipment, WorkMasters, Products, Materials, ReceiptLots, Utilities, FailureModes, MaintenancePlans])
        {
            index.IsUnknown = isBroken(index.Home);
        }

        SourcesUnknown = isBroken("sources.csv") || Materials.IsUnknown;
    }

    /// <summary>The row of each operation, by routing and operation index.</summary>
    public List<List<SourceRecord>> Operations { get; } = [];

    /// <summary>The names of a scenario that has been read.</summary>
    public static ScenarioNames Of(Scenario scenario)
    {
        var names = new ScenarioNames();
        var plant = scenario.Plant;
        var sound = new SourceRecord(new Shape("", ""), "", [], new DiagnosticBag(), new ParseContext(scenario.Clock));
        foreach (var (index, ids) in ((IdIndex, IEnumerable<string>)[])
        [
            (names.Tenants, plant.Tenants.Select(t => t.Id)), (names.Families, plant.Families.Select(f => f.Id)), (names.Calendars, plant.Calendars.Select(c => c.Id)),
            (names.EquipmentClasses, plant.EquipmentClasses.Select(c => c.Id)), (names.Equipment, plant.Equipment.Select(e => e.Id)),
            (names.WorkMasters, plant.WorkMasters.Select(w => w.Id)), (names.Products, plant.Products.Select(p => p.Id)), (names.Orders, scenario.Orders.Select(o => o.Id)), (names.Materials, plant.Materials.Select(m => m.Id)),
            (names.FailureModes, plant.FailureModes.Select(m => m.Id)), (names.MaintenancePlans, plant.MaintenancePlans.Select(p => p.Id)),
        ])
        {
            foreach (var id in ids)
            {
                index.Add(id, sound);
            }
        }

        names.Operations.AddRange(plant.WorkMasters.Select(w => w.Operations.Select(_ => sound).ToList()));
        return names;
    }

    public IdIndex Materials { get; } = new("materials.csv");

    /// <summary>Lots that receipts name.</summary>
    public IdIndex ReceiptLots { get; } = new("receipts.csv");

    /// <summary>The row of each line of a bill of materials.</summary>
    public List<SourceRecord> BillLines { get; } = [];

    /// <summary>Set when sources.csv itself is unreadable.</summary>
    public bool SourcesUnknown { get; private set; }

    public IdIndex Reservations { get; } = new("reservations.csv");

    /// <summary>The row of each capacity offer.</summary>
    public List<SourceRecord> Offers { get; } = [];

    /// <summary>The row of each disturbance.</summary>
    public List<SourceRecord> Disturbances { get; } = [];
}

/// <summary>Names with a Chinese twin.</summary>
internal static class Labels
{
    public static Label Read(SourceRecord record, Field<string> name, Field<string> nameZh, string id) =>
        new(record.Get(name) is { Length: > 0 } en ? en : id, record.GetOrNothing(nameZh));

    public static IRecordWriter SetLabel(this IRecordWriter writer, Field<string> name, Field<string> nameZh, Label label, string id) =>
        writer.Set(name, label.En == id ? "" : label.En).SetOrNone(nameZh, label.Zh);

    public static Field<string> Name(string what) => new("name", Types.Text, $"Name of {what} for people.") { Otherwise = "the id", Example = "Vat 7" };

    public static Field<string> NameZh(string what) => new("name_zh", Types.Text, $"Chinese name of {what}.") { Otherwise = "the name", Example = "7号染缸" };
}
