using System.Reflection;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace DigitalTwin.Tests.Unit.Ui.Security;

/// <summary>Every door says who may pass.</summary>
public sealed class DoorTests
{
    private const string How = "Say who may pass: .Needs(Permit.…) on an endpoint, [Needs(Permit.…)] on a hub method, @attribute [Needs(Permit.…)] on a page "
        + "(See, Plan, Dispatch, Train, Observe or Administer; firmsToo: true only where every answer comes from a TenantView). ";

    [Fact]
    public async Task Every_endpoint_declares_who_may_pass()
    {
        await using var app = TwinServer.Build(new TwinServerOptions
        {
            Url = "http://127.0.0.1:0", Demo = false, DataFolder = Path.Combine(Path.GetTempPath(), "twin-doors"), Scenarios = [CompiledScenario.Compile(DyehouseGenerator.Create(10))],
        });
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).ToList();
        var silent = endpoints.Where(e => e.Metadata.GetMetadata<HubMetadata>() is null) // their methods say it, below
            .Where(e => e.Metadata.GetMetadata<NeedsAttribute>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(Name)
            .Where(name => name != "GET,HEAD {**path:file}").ToList(); // the framework's own, for files added while it runs out of bin: administrators only

        Assert.True(endpoints.Count > 30, "the endpoints were not found");
        Assert.True(silent.Count == 0, How + "Silent: " + string.Join("; ", silent));
    }

    [Fact]
    public void Every_hub_method_declares_who_may_pass()
    {
        var silent = Types().Where(t => t.IsSubclassOf(typeof(Hub)))
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => !m.IsSpecialName && m.GetBaseDefinition() == m && m.GetCustomAttribute<NeedsAttribute>() is null)
            .Select(m => $"{m.DeclaringType!.Name}.{m.Name}").ToList();

        Assert.True(silent.Count == 0, How + "Silent: " + string.Join("; ", silent));
    }

    [Fact]
    public void Every_page_declares_who_may_pass()
    {
        var pages = Types().Where(t => t.GetCustomAttribute<RouteAttribute>() is not null).ToList();
        var silent = pages.Where(t => t.GetCustomAttribute<NeedsAttribute>() is null).Select(t => t.Name).ToList();

        Assert.NotEmpty(pages);
        Assert.True(silent.Count == 0, How + "Silent: " + string.Join("; ", silent));
    }

    private static Type[] Types() => typeof(TwinHub).Assembly.GetTypes();

    private static string Name(Endpoint endpoint) =>
        endpoint is RouteEndpoint route ? $"{string.Join(',', route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])} {route.RoutePattern.RawText}" : endpoint.DisplayName ?? "?";
}
