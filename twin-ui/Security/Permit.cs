namespace DigitalTwin.Ui.Security;

/// <summary>What somebody may do. Roles and the scopes of keys are sets of these; every door names the one it asks for
/// (<see cref="NeedsAttribute"/>).</summary>
public enum Permit
{
    /// <summary>Look at the plant.</summary>
    See,

    /// <summary>Place orders, search for schedules, ask what if.</summary>
    Plan,

    /// <summary>Put schedules in force and take them out, lock jobs, command the floor.</summary>
    Dispatch,

    /// <summary>Run replays and training sessions.</summary>
    Train,

    /// <summary>Report what happens in the plant: for machines and gateways.</summary>
    Observe,

    /// <summary>Users, keys, audit, starting over.</summary>
    Administer,
}

/// <summary>The roles, and what each may do.</summary>
public static class Roles
{
    public const string Admin = "admin";

    private static readonly Dictionary<string, Permit[]> Table = new(StringComparer.OrdinalIgnoreCase)
    {
        ["viewer"] = [Permit.See],
        ["planner"] = [Permit.See, Permit.Plan],
        ["dispatcher"] = [Permit.See, Permit.Plan, Permit.Dispatch],
        ["trainer"] = [Permit.See, Permit.Train],
        [Admin] = Enum.GetValues<Permit>(),
    };

    /// <summary>All roles, from the least to the most.</summary>
    public static IReadOnlyCollection<string> All => Table.Keys;

    /// <summary>What a role may do; nothing when there is no such role.</summary>
    public static IReadOnlyList<Permit> PermitsOf(string role) => Table.GetValueOrDefault(role, []);

    /// <summary>Scope of a key, as it is written: the permit in lower case.</summary>
    public static string ScopeOf(Permit permit) => permit.ToString().ToLowerInvariant();
}
