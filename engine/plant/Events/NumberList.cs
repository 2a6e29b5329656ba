using System.Collections;
using System.Numerics;

namespace DigitalTwin.Plant.Events;

/// <summary>A set of small numbers, one bit each.</summary>
internal readonly struct Bits(int size)
{
    private readonly ulong[] _words = new ulong[(size >> 6) + 1];

    public ReadOnlySpan<ulong> Words => _words;

    public bool Has(int number) => (_words[number >> 6] & (1UL << number)) != 0;

    public void Set(int number) => _words[number >> 6] |= 1UL << number;

    public void Clear(int number) => _words[number >> 6] &= ~(1UL << number);
}

/// <summary>The numbers of a set as a list in rising order, behind a first one: millions of them in a bit each.</summary>
/// <param name="first">Comes before all others; below 0 there is none.</param>
internal sealed class NumberList(int first, Bits bits) : IReadOnlyList<int>
{
    private const int WordsPerBlock = 64;
    private int[]? _before; // numbers before each block of words

    public int Count => Before[^1] + Firsts;

    private int Firsts => first >= 0 ? 1 : 0;

    private int[] Before
    {
        get
        {
            if (_before is null)
            {
                var words = bits.Words;
                var before = new int[(words.Length + WordsPerBlock - 1) / WordsPerBlock + 1];
                for (var w = 0; w < words.Length; w++)
                {
                    before[w / WordsPerBlock + 1] += BitOperations.PopCount(words[w]);
                }

                for (var b = 1; b < before.Length; b++)
                {
                    before[b] += before[b - 1];
                }

                _before = before;
            }

            return _before;
        }
    }

    public int this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            if (index < Firsts)
            {
                return first;
            }

            var left = index - Firsts;
            var block = Array.BinarySearch(Before, left) is var found && found >= 0 ? LastOf(left, found) : ~found - 1;
            left -= Before[block];
            for (var w = block * WordsPerBlock; ; w++)
            {
                var word = bits.Words[w];
                var here = BitOperations.PopCount(word);
                if (left < here)
                {
                    for (; left > 0; left--)
                    {
                        word &= word - 1;
                    }

                    return (w << 6) + BitOperations.TrailingZeroCount(word);
                }

                left -= here;
            }
        }
    }

    public IEnumerator<int> GetEnumerator()
    {
        if (first >= 0)
        {
            yield return first;
        }

        for (var w = 0; w < bits.Words.Length; w++)
        {
            for (var word = bits.Words[w]; word != 0; word &= word - 1)
            {
                yield return (w << 6) + BitOperations.TrailingZeroCount(word);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Empty blocks begin with the same count: the last of them has the number.</summary>
    private int LastOf(int count, int block)
    {
        while (block + 1 < Before.Length && Before[block + 1] == count)
        {
            block++;
        }

        return block;
    }
}
