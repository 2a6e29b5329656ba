using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Distributions as people write them: <c>20 min</c>, <c>lognormal(median 20 min, sigma 0.9)</c>, <c>uniform(5 min, 8 min)</c>.</summary>
/// <remarks>
/// Two families of texts: of times, whose parameters carry units and whose values are milliseconds, and of plain numbers
/// (<c>lognormal(median 1, sigma 0.1)</c>). Parameters may be named or simply stand in order.
/// </remarks>
public static class DistributionText
{
    private sealed record Parameter(string Name, bool IsValue, double? Default = null);

    private static readonly Dictionary<string, (DistributionKind Kind, Parameter[] Parameters)> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["constant"] = (DistributionKind.Constant, [new("value", true)]),
        ["uniform"] = (DistributionKind.Uniform, [new("min", true), new("max", true)]),
        ["triangular"] = (DistributionKind.Triangular, [new("min", true), new("mode", true), new("max", true)]),
        ["exponential"] = (DistributionKind.Exponential, [new("mean", true)]),
        ["normal"] = (DistributionKind.TruncatedNormal, [new("mean", true), new("sd", true), new("min", true, 0)]),
        ["lognormal"] = (DistributionKind.Lognormal, [new("median", true), new("sigma", false)]),
        ["gamma"] = (DistributionKind.Gamma, [new("shape", false), new("scale", true)]),
        ["weibull"] = (DistributionKind.Weibull, [new("shape", false), new("scale", true)]),
        ["empirical"] = (DistributionKind.Empirical, []),
    };

    private static readonly Dictionary<DistributionKind, string> s_names = s_kinds.ToDictionary(k => k.Value.Kind, k => k.Key);

    /// <summary>The forms that can be written, for help texts.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "20 min", "uniform(min 5 min, max 8 min)", "triangular(min 5 min, mode 6 min, max 9 min)", "exponential(mean 40 h)",
        "normal(mean 20 min, sd 3 min, min 0)", "lognormal(median 20 min, sigma 0.9)", "gamma(shape 2, scale 10 min)",
        "weibull(shape 1.5, scale 40 h)", "empirical(5 min, 7 min, 12 min)",
    ];

    /// <summary>Text of a distribution of times (values in ms); read back bit by bit.</summary>
    public static string FormatTime(Distribution distribution) => Format(distribution, DurationText.FormatMilliseconds);

    /// <summary>Text of a distribution of plain numbers; read back bit by bit.</summary>
    public static string FormatNumber(Distribution distribution) => Format(distribution, NumberText.Format);

    /// <summary>Reads a distribution of times.</summary>
    /// <param name="text">The distribution.</param>
    /// <param name="unit">Unit of bare numbers, or <c>null</c> when each must name its own.</param>
    public static bool TryParseTime(string text, string? unit, out Distribution value, out Trouble trouble) =>
        TryParse(text, (string t, out double v, out Trouble why) => DurationText.TryMilliseconds(t, unit, out v, out why), out value, out trouble);

    /// <summary>Reads a distribution of plain numbers.</summary>
    public static bool TryParseNumber(string text, out Distribution value, out Trouble trouble) =>
        TryParse(text, (string t, out double v, out Trouble why) => NumberText.TryParse(t, DecimalMark.PointFirst, out v, out why), out value, out trouble);

    private delegate bool ValueParser(string text, out double value, out Trouble trouble);

    private static string Format(Distribution d, Func<double, string> value)
    {
        if (d.Kind == DistributionKind.Constant)
        {
            return value(d.A);
        }

        var name = s_names[d.Kind];
        if (d.Kind == DistributionKind.Empirical)
        {
            return $"{name}({string.Join(", ", d.Values.Select(value))})";
        }

        double[] numbers = [d.A, d.B, d.C];
        var arguments = s_kinds[name].Parameters.Select((p, i) => $"{p.Name} {(p.IsValue ? value(numbers[i]) : NumberText.Format(numbers[i]))}");
        return $"{name}({string.Join(", ", arguments)})";
    }

    private static bool TryParse(string text, ValueParser parse, out Distribution value, out Trouble trouble)
    {
        value = Distribution.Constant(0);
        var s = NumberText.Narrow(text);
        var open = s.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            if (!parse(s, out var constant, out trouble))
            {
                if (s_kinds.ContainsKey(s))
                {
                    trouble = new Trouble("has no parameters", $"Maybe {Forms.First(f => f.StartsWith(s, StringComparison.OrdinalIgnoreCase) || f == Forms[0])}?");
                }

                return false;
            }

            value = Distribution.Constant(constant);
            return true;
        }

        var name = s[..open].Trim();
        if (!s_kinds.TryGetValue(name, out var kind))
        {
            trouble = new Trouble($"is of an unknown kind '{name}'", Suggestion.For(name, s_kinds.Keys) ?? $"Use one of {string.Join(", ", s_kinds.Keys)}.");
            return false;
        }

        if (!s.EndsWith(')'))
        {
            trouble = new Trouble("does not end in ')'", $"Write it like {Forms.FirstOrDefault(f => f.StartsWith(name, StringComparison.OrdinalIgnoreCase), Forms[0])}.");
            return false;
        }

        var inner = s[(open + 1)..^1];
        var arguments = inner.Split(inner.Contains(';', StringComparison.Ordinal) ? ';' : ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return kind.Kind == DistributionKind.Empirical
            ? TryEmpirical(arguments, parse, out value, out trouble)
            : TryParameters(kind.Kind, kind.Parameters, arguments, parse, out value, out trouble);
    }

    private static bool TryEmpirical(string[] arguments, ValueParser parse, out Distribution value, out Trouble trouble)
    {
        value = Distribution.Constant(0);
        trouble = new Trouble("has no observation", "Write at least one: empirical(5 min, 7 min).");
        var observations = new double[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!parse(arguments[i], out observations[i], out var why))
            {
                trouble = new Trouble($"has an observation '{arguments[i]}' that {why.What}", why.WayOut);
                return false;
            }
        }

        if (observations.Length == 0)
        {
            return false;
        }

        value = Distribution.Empirical(observations);
        return true;
    }

    private static bool TryParameters(DistributionKind kind, Parameter[] parameters, string[] arguments, ValueParser parse, out Distribution value, out Trouble trouble)
    {
        value = Distribution.Constant(0);
        var numbers = parameters.Select(p => p.Default).ToArray();
        var form = $"Write {s_names[kind]}({string.Join(", ", parameters.Select(p => p.Name + " …"))}).";
        for (var i = 0; i < arguments.Length; i++)
        {
            var at = Array.FindIndex(parameters, p => arguments[i].StartsWith(p.Name, StringComparison.OrdinalIgnoreCase)
                && arguments[i].Length > p.Name.Length && arguments[i][p.Name.Length] is ' ' or '=' or ':');
            var argument = at < 0 ? arguments[i] : arguments[i][parameters[at].Name.Length..].TrimStart(' ', '=', ':');
            at = at < 0 ? i : at;
            if (at >= parameters.Length)
            {
                trouble = new Trouble($"has {arguments.Length} parameters instead of {parameters.Length}", form);
                return false;
            }

            if (!(parameters[at].IsValue
                ? parse(argument, out var number, out trouble)
                : NumberText.TryParse(argument, DecimalMark.PointFirst, out number, out trouble)))
            {
                trouble = new Trouble($"has a {parameters[at].Name} '{argument}' that {trouble.What}", form);
                return false;
            }

            numbers[at] = number;
        }

        var missing = Array.IndexOf(numbers, null);
        if (missing >= 0)
        {
            trouble = new Trouble($"lacks its {parameters[missing].Name}", form);
            return false;
        }

        return TryMake(kind, numbers, out value, out trouble);
    }

    private static bool TryMake(DistributionKind kind, double?[] p, out Distribution value, out Trouble trouble)
    {
        trouble = default;
        try
        {
            value = kind switch
            {
                DistributionKind.Constant => Distribution.Constant(p[0]!.Value),
                DistributionKind.Uniform => Distribution.Uniform(p[0]!.Value, p[1]!.Value),
                DistributionKind.Triangular => Distribution.Triangular(p[0]!.Value, p[1]!.Value, p[2]!.Value),
                DistributionKind.Exponential => Distribution.Exponential(p[0]!.Value),
                DistributionKind.TruncatedNormal => Distribution.TruncatedNormal(p[0]!.Value, p[1]!.Value, p[2]!.Value),
                DistributionKind.Lognormal => Distribution.Lognormal(p[0]!.Value, p[1]!.Value),
                DistributionKind.Gamma => Distribution.Gamma(p[0]!.Value, p[1]!.Value),
                DistributionKind.Weibull => Distribution.Weibull(p[0]!.Value, p[1]!.Value),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
            };
            return true;
        }
        catch (ArgumentOutOfRangeException impossible)
        {
            // The distribution itself knows its ranges; its first sentence says which is hurt.
            value = Distribution.Constant(0);
            trouble = new Trouble("is impossible", impossible.Message.Split(" (Parameter", StringSplitOptions.None)[0]);
            return false;
        }
    }
}
