namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>The head and the rows of a scenario, wherever they come from: a folder, or a draft in memory.</summary>
internal interface IScenarioTables
{
    DiagnosticBag Bag { get; }

    /// <summary>A file as messages name it.</summary>
    string PathOf(string file);

    /// <summary>Whether rows of a table may be missing because it could not be read whole.</summary>
    bool IsBroken(string table);

    /// <summary>The keys of scenario.yaml, or <c>null</c> after reporting why they cannot be read.</summary>
    SourceRecord? Head();

    /// <summary>The rows of a table; empty where there is none.</summary>
    List<SourceRecord> Rows(Shape table, ParseContext context);

    /// <summary>Warns of tables that nobody reads, which are probably misnamed.</summary>
    void WarnOfStrangers(IReadOnlyCollection<Shape> tables);
}
