using System.CommandLine;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Ui.Hosting;

namespace DigitalTwin.Ui.Commands;

/// <summary>Where the journals lie: what <c>serve</c>, <c>backup</c>, <c>restore</c> and <c>verify</c> are told.</summary>
internal sealed class MemoryOptions
{
    /// <summary>Environment variable with the connection string: a password does not belong on a command line.</summary>
    public const string Variable = "TWIN_DATABASE";

    public Option<string> Data { get; } = new("--data")
    {
        Description = "Folder of the journals.", HelpName = "folder", DefaultValueFactory = _ => new TwinServerOptions().DataFolder,
    };

    public Option<string?> Database { get; } = new("--database")
    {
        Description = $"PostgreSQL instead of files: \"Host=…;Username=…;Password=…;Database=…\". The variable {Variable} says the same and keeps the password out of the list of processes.",
        HelpName = "connection",
    };

    /// <summary>Both options, to be added to a verb.</summary>
    public IReadOnlyList<Option> All => [Data, Database];

    public JournalPlace Place(ParseResult parse) => new(parse.GetValue(Data)!, DatabaseOf(parse));

    /// <summary>The connection string; empty for files.</summary>
    public string DatabaseOf(ParseResult parse) => parse.GetValue(Database) ?? Environment.GetEnvironmentVariable(Variable) ?? "";
}
