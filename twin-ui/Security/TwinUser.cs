namespace DigitalTwin.Ui.Security;

/// <summary>A person who may log in.</summary>
public sealed record TwinUser
{
    /// <summary>Name to log in with, in upper case: names differ by more than case.</summary>
    public required string Key { get; set; }

    /// <summary>The name as it was set up.</summary>
    public required string Name { get; set; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>Id of the firm the person works for; <c>null</c> for the operator of the plant.</summary>
    public string? Firm { get; set; }

    /// <summary>Hash of the password (PBKDF2 with salt); <c>null</c> where only single sign-on lets in.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes with every change of password, role or firm: a cookie from before it is no longer good.</summary>
    public string Stamp { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>Wrong passwords in a row.</summary>
    public int Failures { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public bool IsDisabled { get; set; }

    public DateTimeOffset Created { get; init; } = DateTimeOffset.UtcNow;
}
