using System.Text;

namespace DigitalTwin.Plant.Scenarios.Import;

/// <summary>Finds the encoding of a text that somebody else saved: UTF-8, UTF-16 or GB18030 (with GBK and GB2312), with or without a byte order mark.</summary>
internal static class TextDecoding
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding s_utf16Le = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding s_utf16Be = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    // The code page provider is asked directly: registering it would change the process for everybody.
    private static readonly Encoding s_gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(54936, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The text and the name of its encoding, or <c>null</c> when it is none of these.</summary>
    public static (string Text, string Encoding)? Decode(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> utf8Mark = [0xEF, 0xBB, 0xBF], gbMark = [0x84, 0x31, 0x95, 0x33], leMark = [0xFF, 0xFE], beMark = [0xFE, 0xFF];
        return bytes.StartsWith(utf8Mark) ? Try(s_utf8, "UTF-8", bytes[3..])
            : bytes.StartsWith(leMark) ? Try(s_utf16Le, "UTF-16 LE", bytes[2..])
            : bytes.StartsWith(beMark) ? Try(s_utf16Be, "UTF-16 BE", bytes[2..])
            : bytes.StartsWith(gbMark) ? Try(s_gb18030, "GB18030", bytes[4..])
            : bytes.Contains((byte)0) ? DecodeUtf16(bytes)
            : Try(s_utf8, "UTF-8", bytes) ?? (LooksDoubleByte(bytes) ? Try(s_gb18030, "GB18030", bytes) : null);
    }

    /// <summary>Separators, digits and line ends have a zero byte in UTF-16; its side tells the byte order.</summary>
    private static (string Text, string Encoding)? DecodeUtf16(ReadOnlySpan<byte> bytes)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }

        return odd > even ? Try(s_utf16Le, "UTF-16 LE", bytes) : Try(s_utf16Be, "UTF-16 BE", bytes);
    }

    /// <summary>Whether bytes above 0x7F come in pairs, as Chinese characters do, and not singly between letters, as accents of Western code pages do.</summary>
    private static bool LooksDoubleByte(ReadOnlySpan<byte> bytes)
    {
        var (runs, odd) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            var start = i;
            while (i < bytes.Length && bytes[i] >= 0x80)
            {
                i++;
            }

            runs += i > start ? 1 : 0;
            odd += (i - start) % 2;
        }

        return odd * 10 <= runs * 3;
    }

    private static (string Text, string Encoding)? Try(Encoding encoding, string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = encoding.GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal) ? null : (text, name);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
