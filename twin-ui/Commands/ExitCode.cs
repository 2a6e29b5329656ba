namespace DigitalTwin.Ui.Commands;

/// <summary>What <c>twin</c> tells the shell; scripts may rely on these numbers.</summary>
public static class ExitCode
{
    /// <summary>Done, nothing to complain about.</summary>
    public const int Ok = 0;

    /// <summary>The input has errors, rows were refused, or a check found violations; the findings are printed.</summary>
    public const int Findings = 1;

    /// <summary>The command line itself is wrong: unknown verb or option, missing file, unreadable value.</summary>
    public const int Usage = 2;

    /// <summary>The plant cannot be planned or started as it stands: contradictory constraints, port in use.</summary>
    public const int Infeasible = 3;

    /// <summary>Interrupted by Ctrl-C or a termination signal; what was found until then was printed and written.</summary>
    public const int Interrupted = 130;

    /// <summary>For <c>--help</c>.</summary>
    public const string Summary = "0 ok · 1 findings or errors in the input · 2 wrong usage · 3 cannot be planned or started · 130 interrupted, results so far kept";
}
