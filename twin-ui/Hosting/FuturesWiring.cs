using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Calibration;
using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.Floor;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Ui.Api;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Wires what looks ahead and what compares with the present: what-ifs, drift, calibration, replanning, commands to the floor.</summary>
internal static class FuturesWiring
{
    public static IServiceCollection AddFutures(this IServiceCollection services, TwinServerOptions options)
    {
        services.AddSingleton(new WhatIfOptions { Folder = plant => Path.Combine(options.DataFolder, plant, "whatifs") });
        services.AddSingleton<WhatIfService>();
        services.AddSingleton(new DriftServiceOptions { File = plant => Path.Combine(options.DataFolder, plant, "drift.json") });
        services.AddSingleton<DriftService>();
        services.AddHostedService(provider => provider.GetRequiredService<DriftService>());
        services.AddSingleton(provider => new CalibrationService(plant => Path.Combine(options.DataFolder, plant, "calibration"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPlanRepairer, PlanRepairer>();
        services.AddSingleton(provider => new ReplanService(
            provider.GetRequiredService<SessionRegistry>(), provider.GetRequiredService<IPlanRepairer>(), plant => Path.Combine(options.DataFolder, plant, "replan.json"),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReplanService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ReplanService>());
        services.AddSingleton(provider => new FloorService(
            provider.GetRequiredService<SessionRegistry>(), plant => Path.Combine(options.DataFolder, plant),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FloorService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<FloorService>());
        services.AddSingleton<TwinTelemetry>();
        services.AddTelemetryExport();
        return services;
    }

    /// <summary>Metrics and traces leave the house by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, and only then.</summary>
    private static void AddTelemetryExport(this IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
        {
            services.AddOpenTelemetry()
                .WithMetrics(m => m.AddMeter(TwinTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter())
                .WithTracing(t => t.AddSource(TwinTelemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter());
        }
    }

    public static void Map(RouteGroupBuilder api)
    {
        WhatIfApi.Map(api);
        DriftApi.Map(api);
        CalibrationApi.Map(api);
        ReplanApi.Map(api);
        FloorApi.Map(api);
    }
}
