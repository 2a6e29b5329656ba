using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.Training;
using DigitalTwin.Runtime.Watch;
using DigitalTwin.Scheduler;
using DigitalTwin.Ui.Api;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Wires the live twin and its machine doors into a web application: two lines for whoever hosts it.</summary>
public static class TwinWiring
{
    /// <summary>Registers sessions, live frames and background services for these scenarios.</summary>
    public static IServiceCollection AddTwin(this IServiceCollection services, TwinServerOptions options, IReadOnlyList<ServedScenario> scenarios)
    {
        services.AddSingleton(options);
        services.AddSingleton(scenarios);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<FrameBoards>();
        services.AddSingleton<PlantViews>();
        services.AddSingleton(new WatchOptions());
        services.AddSingleton<WatchService>();
        services.AddHostedService(provider => provider.GetRequiredService<WatchService>());
        services.AddSingleton(provider => new TrainingService(
            provider.GetRequiredService<SessionRegistry>(), provider.GetRequiredService<IPlanner>(), provider.GetRequiredService<TimeProvider>(), options.DataFolder));
        services.AddSingleton(provider => new ReplayService(provider.GetRequiredService<TimeProvider>(), options.DataFolder));
        services.AddHostedService<TwinHost>();
        services.AddSingleton<DoorKeeper>();
        services.AddHostedService<DoorHost>();
        services.AddSingleton<DemoPlants>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoPlants>());
        services.AddSingleton<IScheduleCheck, CheckerGate>();
        services.AddSingleton(new ForecastOptions());
        services.AddHostedService<ForecastService>();
        services.AddSingleton<IPlanner, Planner>();
        services.AddSingleton<OptimiseService>();
        services.AddTwinSecurity(options);
        services.AddFutures(options);
        services.AddSingleton<IdempotencyKeys>();
        services.AddExceptionHandler<BadRequestAnswers>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddOpenApi("v1", ApiDescription.Write);
        services.AddSignalR().AddHubOptions<TwinHub>(hub => hub.MaximumReceiveMessageSize = TwinHub.LargestMessage);
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
        ObservationStreamApi.Map(api);
        DoorsApi.Map(api);
        EquipmentApi.Map(api);
        OrdersApi.Map(api);
        OrderImportApi.Map(api);
        ScheduleApi.Map(api);
        HistoryApi.Map(api);
        ForecastApi.Map(api);
        KpisApi.Map(api);
        WatchApi.Map(api);
        OptimiseApi.Map(api);
        FuturesWiring.Map(api);
        ScheduleDeskApi.Map(api);
        EmulatorApi.Map(api);
        ReplaysApi.Map(api);
        ReplayViewsApi.Map(api);
        ExercisesApi.Map(api);
        ServerApi.Map(api);
        TraceApi.Map(api);
        app.MapOpenApi("/api/{documentName}/openapi.json").Needs(Permit.See, firmsToo: true);
        HealthApi.Map(app);
        app.Services.GetRequiredService<DigitalTwin.Runtime.Sessions.TwinTelemetry>(); // measures from now on
        app.MapHub<TwinHub>("/hubs/twin");
        return app;
    }
}
