using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Ui.Api;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Wires what looks ahead and what compares with the present: what-ifs, drift.</summary>
internal static class FuturesWiring
{
    public static IServiceCollection AddFutures(this IServiceCollection services, TwinServerOptions options)
    {
        services.AddSingleton(new WhatIfOptions { Folder = plant => Path.Combine(options.DataFolder, plant, "whatifs") });
        services.AddSingleton<WhatIfService>();
        services.AddSingleton(new DriftServiceOptions { File = plant => Path.Combine(options.DataFolder, plant, "drift.json") });
        services.AddSingleton<DriftService>();
        services.AddHostedService(provider => provider.GetRequiredService<DriftService>());
        return services;
    }

    public static void Map(RouteGroupBuilder api)
    {
        WhatIfApi.Map(api);
        DriftApi.Map(api);
    }
}
