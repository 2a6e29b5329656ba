using DigitalTwin.Ui.Hosting;

namespace DigitalTwin.Ui.Security;

/// <summary>Whether a server may be opened at its address, and whether it asks for a log-in there.</summary>
public sealed class Admission
{
    public Admission(TwinServerOptions options, UserStore users)
    {
        IsOpen = LoopbackOnly.IsLoopback(options.Url) && !users.HasAdmin;
    }

    /// <summary>Nobody has to log in: it listens on loopback only, and no administrator is set up.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether the server may listen where it is to; <paramref name="problem"/> says the way out otherwise.</summary>
    public static bool IsAllowed(TwinServerOptions options, out string problem)
    {
        if (!LoopbackOnly.IsAddress(options.Url, out problem))
        {
            return false;
        }

        if (LoopbackOnly.IsLoopback(options.Url) || new UserStore(new SecurityDatabase(options.DataFolder)).HasAdmin)
        {
            return true;
        }

        problem = $"'{options.Url}' is reachable from other machines, and nobody is set up who may log in. "
            + $"Maybe make an administrator first: twin user add NAME --role admin --data {options.DataFolder}";
        return false;
    }
}
