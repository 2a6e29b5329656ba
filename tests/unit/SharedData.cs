namespace DigitalTwin.Tests.Unit;

/// <summary>Public data beside the repository (<c>../shared</c>); tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>Folder of the solution: where <c>scenarios/</c> lies.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path below <c>../shared</c>; skips the test when it is absent.</summary>
    public static string Require(params string[] parts)
    {
        var path = Root is null ? null : Path.Combine([Root, .. parts]);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
        {
            Assert.Skip($"Needs ../shared/{string.Join('/', parts)} beside the repository.");
        }

        return path;
    }

    private static string? Find() => Path.Combine(FindRepository(), "..", "shared") is var shared && Directory.Exists(shared) ? Path.GetFullPath(shared) : null;

    private static string FindRepository()
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
