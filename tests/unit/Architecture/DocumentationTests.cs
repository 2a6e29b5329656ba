using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace DigitalTwin.Tests.Unit.Architecture;

public sealed class DocumentationTests
{
    public static TheoryData<string> Engine { get; } = [.. Floor.All.Where(f => f.Level <= 3).Select(f => f.Assembly)];

    [Theory, MemberData(nameof(Engine))]
    public void Every_public_type_says_what_it_is(string assembly)
    {
        var loaded = Assembly.Load(assembly);
        var documented = XDocument.Load(Path.ChangeExtension(loaded.Location, ".xml"))
            .Descendants("member")
            .Where(m => m.Element("summary") is { } summary && !string.IsNullOrWhiteSpace(summary.Value + string.Concat(summary.Descendants().Attributes())))
            .Select(m => m.Attribute("name")!.Value)
            .ToHashSet();

        var types = loaded.GetExportedTypes().Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute))).ToArray();
        Assert.NotEmpty(documented);
        Floor.None(types.Select(t => t.FullName!.Replace('+', '.')).Where(name => !documented.Contains("T:" + name)));
    }
}
