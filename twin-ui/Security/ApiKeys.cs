using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Ui.Security;

/// <summary>A key of a machine, without its secret.</summary>
/// <param name="Prefix">Begin of the key: names it, opens nothing.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Firm">The firm whose machine it is; <c>null</c> for the operator's.</param>
public sealed record ApiKey(
    string Prefix, string Name, IReadOnlyList<Permit> Scopes, string? Firm, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Revoked)
{
    /// <summary>Whether it opens anything at this moment.</summary>
    public bool IsGood(DateTimeOffset now) => Revoked is null && !(Expires <= now);
}

/// <summary>Keys for machines: shown once, kept as a hash, limited to scopes, a time and a firm.</summary>
/// <remarks>A key is <c>twin_</c>, eight letters that name it, and 32 random bytes. Of so much randomness one SHA-256 is enough:
/// nobody can try them all, so nothing is gained by a slow hash.</remarks>
public sealed class ApiKeys(SecurityDatabase database, TimeProvider time)
{
    private const string Mark = "twin_";
    private const int PrefixLength = 13;
    private const string Columns = "prefix, name, scopes, firm, created, expires, revoked, hash";

    /// <summary>The key that this process uses for its own emulated plants; never stored.</summary>
    internal string OwnKey { get; } = Mark + "ownplant" + Secret();

    /// <summary>Makes a key.</summary>
    /// <returns>The key: the only time it is known.</returns>
    public string Create(string name, IReadOnlyList<Permit> scopes, string? firm, DateTimeOffset? expires)
    {
        var prefix = Mark + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", PrefixLength - Mark.Length);
        var key = prefix + Secret();
        using var connection = database.Open();
        SecurityDatabase.Run(
            connection, "INSERT INTO api_keys(prefix, hash, name, scopes, firm, created, expires) VALUES($0,$1,$2,$3,$4,$5,$6)",
            prefix, Hash(key), name, string.Join(' ', scopes.Select(Roles.ScopeOf)), firm, SecurityDatabase.Stored(time.GetUtcNow()), SecurityDatabase.Stored(expires));
        return key;
    }

    /// <summary>All keys, the newest last.</summary>
    public IReadOnlyList<ApiKey> All()
    {
        if (!database.Exists)
        {
            return [];
        }

        using var connection = database.Open();
        return SecurityDatabase.Rows(connection, $"SELECT {Columns} FROM api_keys ORDER BY created", Read);
    }

    /// <summary>Makes a key open nothing any more.</summary>
    /// <returns>False when there is no such key, or it was revoked before.</returns>
    public bool Revoke(string prefix)
    {
        using var connection = database.Open();
        return SecurityDatabase.Run(
            connection, "UPDATE api_keys SET revoked=$1 WHERE prefix=$0 AND revoked IS NULL", prefix, SecurityDatabase.Stored(time.GetUtcNow())) == 1;
    }

    /// <summary>Whose key this is, if it opens anything now.</summary>
    public ApiKey? Find(string key)
    {
        if (Same(Hash(key), Hash(OwnKey)))
        {
            return new ApiKey("own plant", "own plant", [Permit.See, Permit.Observe, Permit.Administer], null, time.GetUtcNow(), null, null);
        }

        if (key.Length <= PrefixLength || !key.StartsWith(Mark, StringComparison.Ordinal) || !database.Exists)
        {
            return null;
        }

        using var connection = database.Open();
        var found = SecurityDatabase.Rows(
            connection, $"SELECT {Columns} FROM api_keys WHERE prefix=$0", r => (Key: Read(r), Hash: (byte[])r[7]), key[..PrefixLength]).FirstOrDefault();
        return found.Key is { } known && Same(found.Hash, Hash(key)) && known.IsGood(time.GetUtcNow()) ? known : null;
    }

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool Same(byte[] a, byte[] b) => CryptographicOperations.FixedTimeEquals(a, b);

    private static ApiKey Read(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), [.. r.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => Enum.Parse<Permit>(s, ignoreCase: true))],
        SecurityDatabase.Text(r, 3), SecurityDatabase.Moment(r, 4)!.Value, SecurityDatabase.Moment(r, 5), SecurityDatabase.Moment(r, 6));
}
