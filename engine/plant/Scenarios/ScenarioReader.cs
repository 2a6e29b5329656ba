using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Checks;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Reads a scenario folder and reports everything that is wrong with it, not only the first mistake.</summary>
/// <remarks>The format is documented in <c>scenarios/README.md</c>, generated from the same descriptors that read the files.</remarks>
public static class ScenarioReader
{
    /// <summary>Never throws for what is in the folder: bad files are findings.</summary>
    /// <param name="folder">Folder with <c>scenario.yaml</c> and its tables.</param>
    public static ReadResult Read(string folder)
    {
        var bag = new DiagnosticBag();
        var files = new FolderReader(folder, bag);
        Scenario? scenario = null;
        if (!Directory.Exists(folder))
        {
            bag.Error(folder, 0, 0, "there is no such folder", "Check the path.");
        }
        else if (!File.Exists(Path.Combine(folder, ScenarioHead.FileName)))
        {
            bag.Error(files.PathOf(ScenarioHead.FileName), 0, 0, $"the folder has no {ScenarioHead.FileName}", "A scenario begins with this file; see scenarios/README.md.");
        }
        else
        {
            scenario = Read(files);
        }

        return new ReadResult
        {
            Scenario = bag.HasErrors ? null : scenario,
            Diagnostics = [.. bag.All.OrderBy(d => d.File.EndsWith(ScenarioHead.FileName, StringComparison.Ordinal) ? 0 : 1).ThenBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d => d.Column)],
        };
    }

    /// <summary>Makes a scenario of its head and rows and runs all checks; findings go to the bag of the tables.</summary>
    internal static Scenario Read(IScenarioTables files)
    {
        var names = new ScenarioNames();
        var head = files.Head();
        names.Tariffs.IsUnknown = names.ChangeoverRules.IsUnknown = head is null;
        var clock = ScenarioHead.Clock(head);
        var context = new ParseContext(clock);
        var tables = ScenarioFormat.Tables.ToDictionary(t => t.Shape, t => files.Rows(t.Shape, context));
        names.MarkUnknown(files.IsBroken);

        List<SourceRecord> Rows(Shape table) => tables[table];

        // In the order in which tables refer to each other, so that every name is known when it is asked for.
        var tenants = TenantsTable.Read(Rows(TenantsTable.Shape), names);
        var tariffs = Tariffs.Read(ScenarioHead.TariffsOf(head), Rows(Tariffs.WindowsShape), names);
        var sites = SitesTable.Read(Rows(SitesTable.Shape), names);
        if (sites.IsEmpty)
        {
            sites = SitesTable.Read([SitesTable.OnlySite(files, context)], names);
        }

        var travel = TravelTable.Read(Rows(TravelTable.Shape), names);
        var exceptions = Rows(CalendarExceptionsTable.Shape);
        var calendars = CalendarsTable.Read(Rows(CalendarsTable.Shape), CalendarExceptionsTable.Read(exceptions), names);
        CalendarExceptionsTable.Resolve(exceptions, names);
        var families = FamiliesTable.Read(Rows(FamiliesTable.Shape), names);
        ChangeoverRules.Enter(ScenarioHead.Rules(head), names);
        var rules = ChangeoverRules.Read(names, ChangeoversTable.Read(Rows(ChangeoversTable.Shape), names), CleaningsTable.Read(Rows(CleaningsTable.Shape), names));
        var auxiliaries = AuxiliariesTable.Read(Rows(AuxiliariesTable.Shape), CrewShiftsTable.Read(Rows(CrewShiftsTable.Shape), names), names);
        CrewShiftsTable.Resolve(Rows(CrewShiftsTable.Shape), names);
        var classes = EquipmentClassesTable.Read(Rows(EquipmentClassesTable.Shape), names);
        var equipment = EquipmentTable.Read(Rows(EquipmentTable.Shape), names);
        var modes = FailureModesTable.Read(Rows(FailureModesTable.Shape), names);
        var plans = MaintenanceTable.Read(Rows(MaintenanceTable.Shape), names);
        var details = new OperationDetails(Rows(OperationDetails.AlternativesShape), Rows(OperationDetails.PhasesShape));
        var routings = RoutingTable.Read(Rows(RoutingTable.Shape), details, names);
        details.Resolve(routings, names);
        var materials = MaterialsTable.Read(Rows(MaterialsTable.Shape), names);
        var products = ProductsTable.Read(Rows(ProductsTable.Shape), names);
        var lines = ProductionLines.Read(ScenarioHead.Lines(head), names);
        var orders = OrdersTable.Read(Rows(OrdersTable.Shape), names);
        var disturbances = DisturbancesTable.Read(Rows(DisturbancesTable.Shape), names);
        var sources = SourcesTable.Read(Rows(SourcesTable.Shape), names);
        var bill = BillOfMaterialsTable.Read(Rows(BillOfMaterialsTable.Shape), products, routings, names);
        var receipts = ReceiptsTable.Read(Rows(ReceiptsTable.Shape), materials, sources, names);
        var supply = SupplyDisturbancesTable.Read(Rows(SupplyDisturbancesTable.Shape), sources, names);
        var decisions = LotDecisionsTable.Read(Rows(LotDecisionsTable.Shape), receipts, names);
        var reservations = ReservationsTable.Read(Rows(ReservationsTable.Shape), names);
        files.WarnOfStrangers([.. ScenarioFormat.Tables.Select(t => t.Shape)]);

        var plant = new PlantModel
        {
            Tenants = tenants,
            Sites = sites,
            EquipmentClasses = classes,
            Equipment = equipment,
            Auxiliaries = auxiliaries,
            Families = families,
            ChangeoverRules = rules,
            WorkMasters = routings,
            Products = products,
            Lines = lines,
            Fleets = VehiclesTable.Read(Rows(VehiclesTable.Shape), sites.Length, names),
            FixtureLoops = FixtureLoops.Read(ScenarioHead.FixtureLoops(head), routings, equipment, names),
            Calendars = calendars,
            Tariffs = tariffs,
            Travel = travel,
            Carbon = ScenarioHead.Carbon(head),
            Utilities = UtilitiesTable.Read(Rows(UtilitiesTable.Shape), Rows(UtilityWindowsTable.Shape), names),
            Offers = CapacityOffersTable.Read(Rows(CapacityOffersTable.Shape), equipment, names),
            Market = ScenarioHead.Market(head),
            Materials = materials,
            Sources = sources,
            BillOfMaterials = bill,
            FailureModes = modes,
            MaintenancePlans = plans,
            Allocation = ScenarioHead.AllocationOf(head),
        };
        plant = plant with { WorkMasters = PhaseDrawsTable.Attach(routings, Rows(PhaseDrawsTable.Shape), plant, names) };
        var scenario = ScenarioHead.Read(head, clock, plant, orders, disturbances) with
        {
            Receipts = receipts, SupplyDisturbances = supply, LotDecisions = decisions, Reservations = reservations,
        };
        ScenarioChecks.Run(scenario, names);
        return scenario;
    }
}
