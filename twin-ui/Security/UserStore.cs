using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Ui.Security;

/// <summary>The users of a server, for ASP.NET Core Identity and for <c>twin user</c>.</summary>
public sealed class UserStore(SecurityDatabase database) : IUserPasswordStore<TwinUser>, IUserSecurityStampStore<TwinUser>, IUserLockoutStore<TwinUser>
{
    private const string Columns = "name, shown, role, firm, password, stamp, failures, locked_until, disabled, created";

    /// <summary>All users, by name.</summary>
    public IReadOnlyList<TwinUser> All()
    {
        if (!database.Exists)
        {
            return [];
        }

        using var connection = database.Open();
        return SecurityDatabase.Rows(connection, $"SELECT {Columns} FROM users ORDER BY name", Read);
    }

    /// <summary>Whether somebody is set up who may set up others.</summary>
    public bool HasAdmin => All().Any(u => u.Role == Roles.Admin && u.Firm is null && !u.IsDisabled);

    /// <summary>A user by name, whatever its case.</summary>
    public TwinUser? Find(string name)
    {
        if (!database.Exists)
        {
            return null;
        }

        using var connection = database.Open();
        return SecurityDatabase.Rows(connection, $"SELECT {Columns} FROM users WHERE name = $0", Read, name.ToUpperInvariant()).FirstOrDefault();
    }

    public Task<IdentityResult> CreateAsync(TwinUser user, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        try
        {
            SecurityDatabase.Run(connection, $"INSERT INTO users({Columns}) VALUES($0,$1,$2,$3,$4,$5,$6,$7,$8,$9)", Values(user));
            return Task.FromResult(IdentityResult.Success);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            return Task.FromResult(IdentityResult.Failed(new IdentityError { Code = "DuplicateUserName", Description = $"There is a user '{user.Name}' already." }));
        }
    }

    public Task<IdentityResult> UpdateAsync(TwinUser user, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        SecurityDatabase.Run(
            connection,
            "UPDATE users SET shown=$1, role=$2, firm=$3, password=$4, stamp=$5, failures=$6, locked_until=$7, disabled=$8 WHERE name=$0 AND $9=$9",
            Values(user));
        return Task.FromResult(IdentityResult.Success);
    }

    /// <summary>People stay for the audit; they are disabled instead.</summary>
    public Task<IdentityResult> DeleteAsync(TwinUser user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Users are disabled, not deleted: the audit names them.");

    public Task<TwinUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(Find(userId));

    public Task<TwinUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult(Find(normalizedUserName));

    public Task<string> GetUserIdAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(user.Key);

    public Task<string?> GetUserNameAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(TwinUser user, string? userName, CancellationToken cancellationToken) => Done(() => user.Name = userName ?? "");

    public Task<string?> GetNormalizedUserNameAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Key);

    public Task SetNormalizedUserNameAsync(TwinUser user, string? normalizedName, CancellationToken cancellationToken) => Done(() => user.Key = normalizedName ?? "");

    public Task SetPasswordHashAsync(TwinUser user, string? passwordHash, CancellationToken cancellationToken) => Done(() => user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(TwinUser user, string stamp, CancellationToken cancellationToken) => Done(() => user.Stamp = stamp);

    public Task<string?> GetSecurityStampAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Stamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(TwinUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.IsDisabled ? DateTimeOffset.MaxValue : user.LockedUntil);

    public Task SetLockoutEndDateAsync(TwinUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Done(() => user.LockedUntil = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(++user.Failures);

    public Task ResetAccessFailedCountAsync(TwinUser user, CancellationToken cancellationToken) => Done(() => user.Failures = 0);

    public Task<int> GetAccessFailedCountAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(user.Failures);

    public Task<bool> GetLockoutEnabledAsync(TwinUser user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(TwinUser user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Every call has a connection of its own.
    }

    private static Task Done(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    private static object?[] Values(TwinUser u) =>
    [
        u.Key, u.Name, u.Role, u.Firm, u.PasswordHash, u.Stamp, u.Failures, SecurityDatabase.Stored(u.LockedUntil), u.IsDisabled ? 1 : 0,
        SecurityDatabase.Stored(u.Created),
    ];

    private static TwinUser Read(SqliteDataReader r) => new()
    {
        Key = r.GetString(0), Name = r.GetString(1), Role = r.GetString(2), Firm = SecurityDatabase.Text(r, 3), PasswordHash = SecurityDatabase.Text(r, 4),
        Stamp = r.GetString(5), Failures = r.GetInt32(6), LockedUntil = SecurityDatabase.Moment(r, 7), IsDisabled = r.GetInt32(8) != 0,
        Created = SecurityDatabase.Moment(r, 9)!.Value,
    };
}
