using System.CommandLine;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Commands;

/// <summary>What <c>twin user</c>, <c>twin key</c> and <c>twin audit</c> share.</summary>
internal static class SecurityOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Data folder of the server.", HelpName = "folder", DefaultValueFactory = _ => new TwinServerOptions().DataFolder,
    };

    public static Option<string?> Firm() => new("--firm")
    {
        Description = "Id of the firm (tenants.csv) it belongs to: it sees only what is that firm's. The operator's when not given.", HelpName = "id",
    };

    /// <summary>Runs some work with the services that look after users; it is audited in the name of who runs the command.</summary>
    public static async Task<int> WithAsync(string data, Func<IServiceProvider, Task<int>> work)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddTwinSecurity(new TwinServerOptions { DataFolder = data });
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Notes a change that was made at the command line.</summary>
    public static void Audit(this IServiceProvider services, string what, string before, string after) =>
        services.GetRequiredService<Auditor>().Write(new AuditEntry($"{Environment.UserName} at the command line", null, "", what, before, after, "done"));
}
