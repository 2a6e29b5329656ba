namespace DigitalTwin.Plant.Model;

// An id is an index into the plant model's arrays, handed out by the scenario loader. It converts to int for indexing,
// but one kind of id never passes for another.

/// <summary>Index of a <see cref="Tenant"/>.</summary>
public readonly record struct TenantId(int Index) { public static implicit operator int(TenantId id) => id.Index; }

/// <summary>Index of a <see cref="Site"/>.</summary>
public readonly record struct SiteId(int Index) { public static implicit operator int(SiteId id) => id.Index; }

/// <summary>Index of an <see cref="EquipmentClass"/>.</summary>
public readonly record struct EquipmentClassId(int Index) { public static implicit operator int(EquipmentClassId id) => id.Index; }

/// <summary>Index of an <see cref="Equipment"/>.</summary>
public readonly record struct EquipmentId(int Index) { public static implicit operator int(EquipmentId id) => id.Index; }

/// <summary>Index of an <see cref="AuxiliaryResource"/>.</summary>
public readonly record struct AuxiliaryId(int Index) { public static implicit operator int(AuxiliaryId id) => id.Index; }

/// <summary>Index of a <see cref="Family"/>.</summary>
public readonly record struct FamilyId(int Index) { public static implicit operator int(FamilyId id) => id.Index; }

/// <summary>Index of a <see cref="ChangeoverRule"/>.</summary>
public readonly record struct ChangeoverRuleId(int Index) { public static implicit operator int(ChangeoverRuleId id) => id.Index; }

/// <summary>Index of a <see cref="WorkMaster"/>.</summary>
public readonly record struct WorkMasterId(int Index) { public static implicit operator int(WorkMasterId id) => id.Index; }

/// <summary>Index of a <see cref="Product"/>.</summary>
public readonly record struct ProductId(int Index) { public static implicit operator int(ProductId id) => id.Index; }

/// <summary>Index of a <see cref="WorkCalendar"/>.</summary>
public readonly record struct CalendarId(int Index) { public static implicit operator int(CalendarId id) => id.Index; }

/// <summary>Index of a <see cref="Tariff"/>.</summary>
public readonly record struct TariffId(int Index) { public static implicit operator int(TariffId id) => id.Index; }

/// <summary>Index of a <see cref="Utility"/>.</summary>
public readonly record struct UtilityId(int Index) { public static implicit operator int(UtilityId id) => id.Index; }

/// <summary>Index of an <see cref="Order"/> in the order book.</summary>
public readonly record struct OrderId(int Index) { public static implicit operator int(OrderId id) => id.Index; }

/// <summary>Index of a job order: one operation of one lot. See <see cref="JobTable"/>.</summary>
public readonly record struct JobId(int Index) { public static implicit operator int(JobId id) => id.Index; }

/// <summary>Index of a <see cref="Material"/>.</summary>
public readonly record struct MaterialId(int Index) { public static implicit operator int(MaterialId id) => id.Index; }

/// <summary>Index of a <see cref="MaterialSource"/>.</summary>
public readonly record struct SourceId(int Index) { public static implicit operator int(SourceId id) => id.Index; }
