namespace DigitalTwin.Tests.System.Programs;

/// <summary>Where the tests find the scenarios, and where they leave things.</summary>
internal static class Repository
{
    /// <summary>Folder of the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A scenario folder of the repository.</summary>
    public static string Scenario(string name) => Path.Combine(Root, "scenarios", name);

    /// <summary>Public data beside the repository; skips the test when it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"Needs ../shared/{string.Join('/', parts)} beside the repository.");
        return path;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DigitalTwin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No DigitalTwin.sln above the test's folder.");
    }
}

/// <summary>A folder of its own that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("twin-test-").FullName;

    public string this[string file] => global::System.IO.Path.Combine(Path, file);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed may still be letting go of a file; the system cleans its temporary folder.
        }
    }
}
