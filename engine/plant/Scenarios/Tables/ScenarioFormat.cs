using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>The tables of a scenario folder, in the order in which a person would read them.</summary>
internal static class ScenarioFormat
{
    public static readonly IReadOnlyList<(Shape Shape, Action<Scenario, TableWriter> Write)> Tables =
    [
        (TenantsTable.Shape, TenantsTable.Write),
        (SitesTable.Shape, SitesTable.Write),
        (TravelTable.Shape, TravelTable.Write),
        (VehiclesTable.Shape, VehiclesTable.Write),
        (EquipmentClassesTable.Shape, EquipmentClassesTable.Write),
        (EquipmentTable.Shape, EquipmentTable.Write),
        (AuxiliariesTable.Shape, AuxiliariesTable.Write),
        (CrewShiftsTable.Shape, CrewShiftsTable.Write),
        (FailureModesTable.Shape, FailureModesTable.Write),
        (MaintenanceTable.Shape, MaintenanceTable.Write),
        (FamiliesTable.Shape, FamiliesTable.Write),
        (ChangeoversTable.Shape, ChangeoversTable.Write),
        (CleaningsTable.Shape, CleaningsTable.Write),
        (RoutingTable.Shape, RoutingTable.Write),
        (OperationDetails.AlternativesShape, OperationDetails.WriteAlternatives),
        (OperationDetails.PhasesShape, OperationDetails.WritePhases),
        (PhaseDrawsTable.Shape, PhaseDrawsTable.Write),
        (ProductsTable.Shape, ProductsTable.Write),
        (OrdersTable.Shape, OrdersTable.Write),
        (CalendarsTable.Shape, CalendarsTable.Write),
        (CalendarExceptionsTable.Shape, CalendarExceptionsTable.Write),
        (Tariffs.WindowsShape, Tariffs.WriteWindows),
        (UtilitiesTable.Shape, UtilitiesTable.Write),
        (UtilityWindowsTable.Shape, UtilityWindowsTable.Write),
        (DisturbancesTable.Shape, DisturbancesTable.Write),
        (MaterialsTable.Shape, MaterialsTable.Write),
        (SourcesTable.Shape, SourcesTable.Write),
        (BillOfMaterialsTable.Shape, BillOfMaterialsTable.Write),
        (ReceiptsTable.Shape, ReceiptsTable.Write),
        (SupplyDisturbancesTable.Shape, SupplyDisturbancesTable.Write),
        (LotDecisionsTable.Shape, LotDecisionsTable.Write),
        (CapacityOffersTable.Shape, CapacityOffersTable.Write),
        (ReservationsTable.Shape, ReservationsTable.Write),
    ];

    /// <summary>Tables without which there is nothing to run.</summary>
    public static readonly IReadOnlyCollection<Shape> Required = [EquipmentClassesTable.Shape, EquipmentTable.Shape, RoutingTable.Shape, ProductsTable.Shape];

    /// <summary>The files of a scenario, name and text; a table without rows has none.</summary>
    public static IEnumerable<(string Name, string Text)> Files(Scenario scenario)
    {
        yield return (ScenarioHead.FileName, ScenarioHead.Write(scenario));
        foreach (var (shape, write) in Tables)
        {
            var table = new TableWriter(shape, scenario.Clock);
            write(scenario, table);
            if (!table.IsEmpty)
            {
                yield return (shape.Name, table.ToString());
            }
        }
    }
}
