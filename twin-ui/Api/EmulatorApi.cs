using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/emulator</c>: the emulated plant behind a demo: speed and pause.</summary>
internal static class EmulatorApi
{
    private const double MaxSpeed = 100_000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants/{plant}/emulator", (string plant, DemoPlants demo) => Answer(plant, demo)).Needs(Permit.See);
        api.MapPut("/plants/{plant}/emulator", (string plant, EmulatorSettings body, DemoPlants demo) =>
        {
            if (demo.Find(plant) is { } emulator)
            {
                if (body.Speed is { } speed)
                {
                    if (!(speed > 0 && speed <= MaxSpeed))
                    {
                        return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not a speed", $"speed {speed:R} must be > 0 and ≤ {MaxSpeed:R}");
                    }

                    emulator.Speed = speed;
                }

                emulator.Paused = body.Paused ?? emulator.Paused;
            }

            return Answer(plant, demo);
        }).Needs(Permit.Administer);
    }

    private static IResult Answer(string plant, DemoPlants demo) => demo.Find(plant) is { } e
        ? Results.Ok(new { status = e.Status.ToString(), speed = e.Speed, paused = e.Paused, delivered = e.Delivered, refused = e.Refused, trouble = e.Trouble })
        : ApiTools.Problem(StatusCodes.Status404NotFound, "No emulated plant", $"plant '{plant}' is not emulated by this server. Maybe run it with --demo, or start 'twin emulate --to …'");
}

/// <summary>What of an emulator may be changed; left out, it stays.</summary>
internal sealed record EmulatorSettings(double? Speed, bool? Paused);
