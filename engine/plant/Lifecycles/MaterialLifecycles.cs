namespace DigitalTwin.Plant.Lifecycles;

/// <summary>Where a job stands with the material it uses.</summary>
public enum MaterialNeedStatus : byte
{
    /// <summary>Not asked for yet.</summary>
    None,

    /// <summary>In line for material while other things are missing too.</summary>
    Requested,

    /// <summary>Waits for nothing but material.</summary>
    Short,

    /// <summary>In stock and promised to this job.</summary>
    Allocated,

    /// <summary>Used up.</summary>
    Consumed,
}

/// <summary>What moves a job from one <see cref="MaterialNeedStatus"/> to the next.</summary>
public enum MaterialNeedTrigger : byte
{
    Request,
    RunShort,
    Allocate,
    Consume,

    /// <summary>The job is cancelled.</summary>
    GiveUp,
}

/// <summary>The lifecycle of a job's need for material.</summary>
public static class MaterialNeedLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<MaterialNeedStatus, MaterialNeedTrigger> Table = new(machine =>
    {
        machine.Configure(MaterialNeedStatus.None)
            .Permit(MaterialNeedTrigger.Request, MaterialNeedStatus.Requested)
            .Permit(MaterialNeedTrigger.RunShort, MaterialNeedStatus.Short)
            .Permit(MaterialNeedTrigger.Allocate, MaterialNeedStatus.Allocated)
            .Permit(MaterialNeedTrigger.Consume, MaterialNeedStatus.Consumed); // the shop floor took it without asking

        machine.Configure(MaterialNeedStatus.Requested)
            .Permit(MaterialNeedTrigger.RunShort, MaterialNeedStatus.Short)
            .Permit(MaterialNeedTrigger.Allocate, MaterialNeedStatus.Allocated)
            .Permit(MaterialNeedTrigger.Consume, MaterialNeedStatus.Consumed)
            .Permit(MaterialNeedTrigger.GiveUp, MaterialNeedStatus.None);

        machine.Configure(MaterialNeedStatus.Short)
            .Permit(MaterialNeedTrigger.Allocate, MaterialNeedStatus.Allocated)
            .Permit(MaterialNeedTrigger.Consume, MaterialNeedStatus.Consumed)
            .Permit(MaterialNeedTrigger.GiveUp, MaterialNeedStatus.None);

        machine.Configure(MaterialNeedStatus.Allocated)
            .Permit(MaterialNeedTrigger.Consume, MaterialNeedStatus.Consumed)
            .Permit(MaterialNeedTrigger.GiveUp, MaterialNeedStatus.None);

        machine.Configure(MaterialNeedStatus.Consumed)
            .PermitReentry(MaterialNeedTrigger.Consume); // from another lot, or another material
    });
}

/// <summary>Quality status of a lot.</summary>
public enum LotStatus : byte
{
    /// <summary>Being made; counts in no stock.</summary>
    InProcess,

    /// <summary>May be used.</summary>
    Available,

    /// <summary>Nobody may use it until quality has decided.</summary>
    Hold,

    /// <summary>Was on hold and may be used.</summary>
    Released,

    /// <summary>Thrown away.</summary>
    Scrapped,

    /// <summary>Used up.</summary>
    Consumed,

    /// <summary>A finished product that went to the customer.</summary>
    Shipped,
}

/// <summary>What moves a lot from one <see cref="LotStatus"/> to the next.</summary>
public enum LotTrigger : byte
{
    /// <summary>Made, and put into stock.</summary>
    Store,

    /// <summary>Made, and sent to the customer.</summary>
    Ship,
    Hold,
    Release,
    Scrap,

    /// <summary>The last of it was used.</summary>
    Empty,
}

/// <summary>The lifecycle of a lot.</summary>
public static class LotLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<LotStatus, LotTrigger> Table = new(machine =>
    {
        machine.Configure(LotStatus.InProcess)
            .Permit(LotTrigger.Store, LotStatus.Available)
            .Permit(LotTrigger.Ship, LotStatus.Shipped)
            .Permit(LotTrigger.Scrap, LotStatus.Scrapped);

        machine.Configure(LotStatus.Available)
            .Permit(LotTrigger.Hold, LotStatus.Hold)
            .Permit(LotTrigger.Scrap, LotStatus.Scrapped)
            .Permit(LotTrigger.Empty, LotStatus.Consumed);

        machine.Configure(LotStatus.Hold)
            .Permit(LotTrigger.Release, LotStatus.Released)
            .Permit(LotTrigger.Scrap, LotStatus.Scrapped);

        machine.Configure(LotStatus.Released)
            .Permit(LotTrigger.Hold, LotStatus.Hold)
            .Permit(LotTrigger.Scrap, LotStatus.Scrapped)
            .Permit(LotTrigger.Empty, LotStatus.Consumed);
    });
}
