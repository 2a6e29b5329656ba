using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>The columns that patches name, of tables that keep them to themselves.</summary>
internal static class DraftFields
{
    public static readonly Field Machine = Of(EquipmentTable.Shape, "id");
    public static readonly Field Product = Of(ProductsTable.Shape, "id");
    public static readonly Field ProductFamily = Of(ProductsTable.Shape, "family");
    public static readonly Field Family = Of(FamiliesTable.Shape, "id");
    public static readonly Field Tenant = Of(TenantsTable.Shape, "id");
    public static readonly Field<Weekdays> WeekDays = (Field<Weekdays>)Of(CalendarsTable.Shape, "days");
    public static readonly Field WeekStart = Of(CalendarsTable.Shape, "start");
    public static readonly Field WeekEnd = Of(CalendarsTable.Shape, "end");
    public static readonly Field ExceptionCalendar = Of(CalendarExceptionsTable.Shape, "calendar");
    public static readonly Field<DateOnly> ExceptionDate = (Field<DateOnly>)Of(CalendarExceptionsTable.Shape, "date");
    public static readonly Field ExceptionStart = Of(CalendarExceptionsTable.Shape, "start");
    public static readonly Field ExceptionEnd = Of(CalendarExceptionsTable.Shape, "end");
    public static readonly Field WindowTariff = Of(Tariffs.WindowsShape, "tariff");
    public static readonly Field WindowName = Of(Tariffs.WindowsShape, "name");
    public static readonly Field WindowPrice = Of(Tariffs.WindowsShape, "price");

    private static Field Of(Shape table, string name) => table.Fields.Single(f => f.Name == name);
}
