using System.Collections.Immutable;

namespace DigitalTwin.Plant.Model;

/// <summary>The order book unrolled: orders → lots → job orders, all as flat arrays.</summary>
/// <remarks>
/// Indices are stable: appending orders appends lots and jobs, and never renumbers. A job is one operation of one lot;
/// the jobs of a lot lie side by side in the order of the routing.
/// </remarks>
public sealed class JobTable
{
    private readonly int[] _firstMakeUp; // per order: its first make-up lot, or the first lot of the next order

    private JobTable(int[] firstMakeUp, int[] orderFirstLot, int[] lotOrder, double[] lotQuantity, int[] lotFirstJob, int[] jobLot)
    {
        _firstMakeUp = firstMakeUp;
        OrderFirstLot = orderFirstLot;
        LotOrder = lotOrder;
        LotQuantity = lotQuantity;
        LotFirstJob = lotFirstJob;
        JobLot = jobLot;
    }

    /// <summary>First lot of each order, with one entry more than orders (the number of lots).</summary>
    public int[] OrderFirstLot { get; }

    /// <summary>Order of each lot.</summary>
    public int[] LotOrder { get; }

    /// <summary>Quantity of each lot, in the order's unit.</summary>
    public double[] LotQuantity { get; }

    /// <summary>First job of each lot, with one entry more than lots (the number of jobs).</summary>
    public int[] LotFirstJob { get; }

    /// <summary>Lot of each job.</summary>
    public int[] JobLot { get; }

    public int OrderCount => OrderFirstLot.Length - 1;

    public int LotCount => LotOrder.Length;

    public int JobCount => JobLot.Length;

    /// <summary>The order's lots that are made only when scrap leaves it short: from this one to its last. The next order's first lot where it has none.</summary>
    public int FirstMakeUpLot(int order) => _firstMakeUp[order];

    /// <summary>Whether a lot is made only when scrap leaves its order short.</summary>
    public bool IsMakeUp(int lot) => lot >= _firstMakeUp[LotOrder[lot]];

    /// <summary>Order of a job.</summary>
    public int OrderOf(int job) => LotOrder[JobLot[job]];

    /// <summary>Index of the job's operation in its routing.</summary>
    public int OperationIndexOf(int job) => job - LotFirstJob[JobLot[job]];

    /// <summary>Quantity of the job's lot.</summary>
    public double QuantityOf(int job) => LotQuantity[JobLot[job]];

    public static JobTable Build(PlantModel plant, ImmutableArray<Order> orders)
    {
        var firstMakeUp = new int[orders.Length];
        var orderFirstLot = new int[orders.Length + 1];
        var lotOrder = new List<int>(orders.Length);
        var lotQuantity = new List<double>(orders.Length);
        var lotFirstJob = new List<int>(orders.Length + 1);
        var jobLot = new List<int>(orders.Length * 4);
        for (var o = 0; o < orders.Length; o++)
        {
            var order = orders[o];
            var operations = plant.WorkMasters[plant.Products[order.Product].WorkMaster].Operations.Length;
            orderFirstLot[o] = lotOrder.Count;
            var size = order.LotSize is { } s && s > 0 ? s : order.Quantity;
            var lots = Math.Max(1, (int)Math.Ceiling(order.Quantity / size - 1e-9));
            size = order.EqualLots ? order.Quantity / lots : size;
            for (var l = 0; l < lots; l++)
            {
                Add(o, Math.Min(size, order.Quantity - l * size), operations);
            }

            firstMakeUp[o] = lotOrder.Count;
            for (var l = 0; order.MakeUp != MakeUpPolicy.None && l < order.MakeUpLots; l++)
            {
                Add(o, order.MakeUpLot ?? order.Quantity / 10, operations);
            }
        }

        orderFirstLot[orders.Length] = lotOrder.Count;
        lotFirstJob.Add(jobLot.Count);
        return new JobTable(firstMakeUp, orderFirstLot, [.. lotOrder], [.. lotQuantity], [.. lotFirstJob], [.. jobLot]);

        void Add(int order, double quantity, int operations)
        {
            lotFirstJob.Add(jobLot.Count);
            lotOrder.Add(order);
            lotQuantity.Add(quantity);
            for (var k = 0; k < operations; k++)
            {
                jobLot.Add(lotOrder.Count - 1);
            }
        }
    }
}
