using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/doors</c>: what comes in by MQTT, Sparkplug B, dropped files and SQL, and how those doors fare.</summary>
internal static class DoorsApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/doors", (string plant, SessionRegistry sessions, DoorKeeper doors) =>
        ApiTools.With(sessions, plant, s => Results.Ok(doors.Health(s.Id)))).Needs(Permit.See);
}
