using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Api;
using DigitalTwin.Ui.Live;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Wires the live twin and its machine doors into a web application: two lines for whoever hosts it.</summary>
public static class TwinWiring
{
    /// <summary>Registers sessions, live frames and background services for these scenarios.</summary>
    public static IServiceCollection AddTwin(this IServiceCollection services, TwinServerOptions options, IReadOnlyList<CompiledScenario> scenarios)
    {
        services.AddSingleton(options);
        services.AddSingleton(scenarios);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<FrameBoards>();
        services.AddHostedService<TwinHost>();
        services.AddSingleton<DemoPlants>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoPlants>());
        services.AddSingleton<IScheduleCheck, NoFurtherCheck>();
        services.AddProblemDetails();
        services.AddSignalR();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RuntimeJson.Default);
            json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
        });
        return services;
    }

    /// <summary>Maps the REST API under <c>/api/v1</c> and the hub at <c>/hubs/twin</c>.</summary>
    public static WebApplication MapTwin(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        PlantsApi.Map(api);
        ObservationsApi.Map(api);
        EquipmentApi.Map(api);
        OrdersApi.Map(api);
        ScheduleApi.Map(api);
        HistoryApi.Map(api);
        EmulatorApi.Map(api);
        app.MapHub<TwinHub>("/hubs/twin");
        return app;
    }
}
