using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>What a job on another firm's offered machine costs, part by part, in hundredths of the currency, so that sums are exact.</summary>
/// <param name="Setup">Setup and cleaning made for its batch × the offer's price per hour.</param>
/// <param name="Time">Processing, standstills left out × the offer's price per hour.</param>
/// <param name="Material">What the bill of materials gives it, at the preferred source's price.</param>
/// <param name="TariffUplift">Electricity of its processing at the machine's running power above the tariff's base price; negative in valley hours.</param>
/// <param name="Express">Premium on setup and time of an express order.</param>
/// <param name="Fee">The platform's, on all of the above.</param>
/// <remarks>A batch is shared by the quantities of its members. Only the last execution counts: what must be done again is at the owner's cost.</remarks>
public readonly record struct JobPrice(long Setup, long Time, long Material, long TariffUplift, long Express, long Fee)
{
    /// <summary>What the owner gets.</summary>
    public long Owner => Setup + Time + Material + TariffUplift + Express;

    /// <summary>What the buyer pays.</summary>
    public long Total => Owner + Fee;

    public static JobPrice operator +(JobPrice a, JobPrice b) =>
        new(a.Setup + b.Setup, a.Time + b.Time, a.Material + b.Material, a.TariffUplift + b.TariffUplift, a.Express + b.Express, a.Fee + b.Fee);

    /// <summary>Price of a job that is done on a machine which another firm offers; <c>null</c> for any other.</summary>
    public static JobPrice? Of(PlantState state, int job)
    {
        ref readonly var done = ref state.Jobs[job];
        var plant = state.Plant;
        if (done.Status != Lifecycles.JobStatus.Done || done.Equipment < 0 || plant.Capacity.OfferedOf(done.Equipment) is null
            || plant.CompiledJobOf(job).Tenant == plant.Capacity.OwnerOf(done.Equipment))
        {
            return null;
        }

        ref readonly var lead = ref state.Jobs[done.Lead];
        var share = lead.Load > 0 ? plant.CompiledJobOf(job).Quantity / lead.Load : 1;
        var (start, end) = (new SimTime(done.StartAt), new SimTime(done.EndAt));
        var worked = lead.Estimated ? (end - start).Milliseconds : lead.PlannedMs;
        return Of(plant, job, done.Equipment, PricePerHour(state, job, done.Equipment, start), new Duration(state.SharedSetupMs(done.Lead)), new Duration(worked), start, end, share);
    }

    /// <summary>Price of a job from its times.</summary>
    /// <param name="plant">The scenario.</param>
    /// <param name="job">The job.</param>
    /// <param name="equipment">Where.</param>
    /// <param name="pricePerHour">Of the offer.</param>
    /// <param name="setup">Setup and cleaning of its batch.</param>
    /// <param name="processing">Processing of its batch.</param>
    /// <param name="start">When processing begins.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="share">The job's share of its batch, in (0, 1].</param>
    public static JobPrice Of(
        CompiledScenario plant, int job, int equipment, double pricePerHour, Duration setup, Duration processing, SimTime start, SimTime end, double share)
    {
        var market = plant.Plant.Market;
        var (setupPrice, timePrice) = (Cents(setup.Hours * pricePerHour * share), Cents(processing.Hours * pricePerHour * share));
        var material = 0.0;
        foreach (var need in plant.MaterialNeedsOf(job))
        {
            material += need.PerUnit * plant.Jobs.QuantityOf(job) * (plant.Materials.SourcesOf(need.Material) is [var first, ..] ? plant.Plant.Sources[first].Price : 0);
        }

        var uplift = 0.0;
        if (plant.TariffOf(equipment) is { } prices && end > start)
        {
            var machine = plant.Plant.Equipment[equipment];
            var basePrice = plant.Plant.Tariffs[plant.Plant.Sites[machine.Site].Tariff!.Value].BasePrice;
            var mean = prices.CostPerKw(start, end) / (end - start).Hours;
            uplift = machine.RunningKw * processing.Hours * (mean - basePrice) * share;
        }

        var price = new JobPrice(setupPrice, timePrice, Cents(material), Cents(uplift), 0, 0);
        price = price with { Express = plant.OrderOf(job).IsExpress ? Cents((setupPrice + timePrice) / 100.0 * market.ExpressPremium) : 0 };
        return price with { Fee = Cents(price.Owner / 100.0 * market.Fee) };
    }

    /// <summary>Price per hour of the offer that a job was booked from, else of the one open when it began, else of the machine's first.</summary>
    private static double PricePerHour(PlantState state, int job, int equipment, SimTime start)
    {
        var capacity = state.Plant.Capacity;
        if (capacity.Books && state.Reservations[capacity.PlaceOf(job)] is { Status: Lifecycles.ReservationStatus.Used, Offer: >= 0 } own && own.Equipment == equipment)
        {
            return capacity.TermsOf(own.Offer).PricePerHour;
        }

        var open = capacity.OpenOffer(equipment, start, state.Plant.Jobs.QuantityOf(job), walkIn: false);
        return capacity.TermsOf(open >= 0 ? open : capacity.OffersOf(equipment).First).PricePerHour;
    }

    private static long Cents(double money) => (long)Math.Round(money * 100, MidpointRounding.AwayFromZero);
}
