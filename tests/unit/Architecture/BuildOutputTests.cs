using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace DigitalTwin.Tests.Unit.Architecture;

/// <summary>Google.OrTools brings 330 MB of solvers for all platforms unless told otherwise.</summary>
public sealed class BuildOutputTests
{
    private static readonly string Here = OperatingSystem.IsWindows() ? "Windows"
        : OperatingSystem.IsMacOS() ? "macOS"
        : $"Linux {RuntimeInformation.ProcessArchitecture}";

    [Fact]
    public void Only_this_platforms_native_libraries_are_carried_along()
    {
        var natives = Natives();
        Assert.Contains(natives, n => n.File.Contains("ortools", StringComparison.OrdinalIgnoreCase));
        Floor.None(natives.Where(n => n.Platform != Here));
    }

    private static List<(string File, string Platform)> Natives() =>
        [.. from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            let name = Path.GetFileName(file)
            where name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal) || name.EndsWith(".dll", StringComparison.Ordinal)
            let platform = Platform(file)
            where platform is not null
            select (Path.GetRelativePath(AppContext.BaseDirectory, file), platform)];

    /// <summary>What the file's first bytes say; null for managed code and text.</summary>
    private static string? Platform(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> header = stackalloc byte[20];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return null;

        switch (BinaryPrimitives.ReadUInt32BigEndian(header))
        {
            case 0x7F454C46: // ELF; the machine is at offset 18
                return BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) switch
                {
                    62 => $"Linux {nameof(System.Runtime.InteropServices.Architecture.X64)}",
                    183 => $"Linux {nameof(System.Runtime.InteropServices.Architecture.Arm64)}",
                    var other => $"Linux machine {other}",
                };
            case 0xCFFAEDFE or 0xCAFEBABE:
                return "macOS";
            default:
                if (header[0] != 'M' || header[1] != 'Z')
                    return null;
                stream.Position = 0;
                using (var image = new PEReader(stream))
                    return image.HasMetadata ? null : "Windows";
        }
    }
}
