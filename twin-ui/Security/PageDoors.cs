using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace DigitalTwin.Ui.Security;

/// <summary>Which pages are open to whom: what the navigation offers.</summary>
public static class PageDoors
{
    private static readonly Dictionary<string, NeedsAttribute> Doors = typeof(PageDoors).Assembly.GetTypes()
        .Where(t => t.GetCustomAttribute<NeedsAttribute>() is not null)
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>().Select(r => (r.Template, Needs: t.GetCustomAttribute<NeedsAttribute>()!)))
        .ToDictionary(d => d.Template, d => d.Needs, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a caller may open the page at a path; false where there is none.</summary>
    public static bool IsOpen(Caller caller, string path) => Doors.TryGetValue(path, out var needs) && caller.May(needs.Permit, needs.FirmsToo);
}
