namespace DigitalTwin.Plant.Behaviour;

/// <summary>How a batch lies in the ports of equipment: evenly, in as few as hold it.</summary>
internal static class PortLoad
{
    private const double Slack = 1e-9;

    /// <summary>Ports that a load takes; more than there are where it is too large.</summary>
    public static int PortsFor(in CompiledEquipment machine, double load) =>
        machine.Ports == 1 ? 1 : Math.Max(1, (int)Math.Ceiling(load / machine.PortMax - Slack));

    /// <summary>Whether every port in use has its least load, and none too much.</summary>
    public static bool Fills(in CompiledEquipment machine, double load) =>
        machine.Ports == 1 || (PortsFor(machine, load) is var ports && ports <= machine.Ports && load >= ports * machine.PortMin * (1 - Slack));
}
