using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Any stream, told by any provider's wire to any door: text, thinking, calls, end and usage are the same, and the grammar is kept.</summary>
public sealed class StreamPropertyTests
{
    private static readonly Wire[] Providers = [Wire.Chat, Wire.Messages, Wire.Gemini];
    private static readonly Wire[] DoorWires = [Wire.Chat, Wire.Messages, Wire.Responses];

    private static Gen<string> Words { get; } =
        from pieces in Gen.NonEmptyListOf(Gen.Elements("a", " the", "\n", "\"", "\\", "é", "😀", "</script>", "\u0001", "{\"x\":", "data: ", "漢字"))
        select string.Concat(pieces);

    private static Gen<Piece> AnyPiece { get; } = Gen.Frequency(
        (4, from text in Words select new Piece('t', text, [])),
        (2, from text in Words select new Piece('r', text, [])),
        (2, from name in Gen.Elements("f", "get_weather", "x-1")
            from value in Words
            from cuts in Gen.Choose(1, 4)
            select new Piece('c', name, Cut(JsonSerializer.Serialize(new Dictionary<string, string> { ["value"] = value }), cuts))),
        (1, Gen.Constant(new Piece('c', "no_arguments", []))));

    private static Gen<Script> AnyScript { get; } =
        from pieces in Gen.ListOf(AnyPiece)
        from isCut in Gen.Elements(false, false, true)
        from input in Gen.Choose(100, 1_000_000)
        from cached in Gen.Choose(0, 100)
        from output in Gen.Choose(1, 100_000)
        select new Script([.. pieces], isCut, input, cached, output);

    [Fact]
    public void A_stream_tells_the_same_whatever_wires_it_goes_through()
    {
        var calls = 0;
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(AnyScript.ToArbitrary(), script =>
        {
            calls += script.Pieces.Count(p => p.Kind == 'c');
            var expected = Expected(script);
            foreach (var from in Providers)
            {
                foreach (var to in DoorWires.Where(w => w != from))
                {
                    var (events, complaint) = Given.Stream(Render(script, from), from, to);
                    Assert.Null(complaint);
                    Assert.Equal(expected, Read(events, to).ToString());
                }
            }
        }));
        Assert.True(calls > 100, $"{calls} calls");
    }

    [Fact]
    public void A_translated_stream_can_be_translated_again()
    {
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(AnyScript.ToArbitrary(), script =>
        {
            var (there, _) = Given.Stream(Render(script, Wire.Chat), Wire.Chat, Wire.Messages);
            var (back, complaint) = Given.Stream(there, Wire.Messages, Wire.Chat);
            Assert.Null(complaint);
            Assert.Equal(Expected(script), ChatGrammar.Check(back).ToString());
        }));
    }

    [Fact]
    public void A_broken_event_is_complained_of_and_never_thrown_at()
    {
        var mutations =
            from script in AnyScript
            from wire in Gen.Elements(Providers)
            from at in Gen.Choose(0, 100_000)
            from kind in Gen.Choose(0, 3)
            from with in Gen.Elements("\"", "{", "}", "[", "null", "1e999", "\\ud800", ":", ",", "\\u0000", "true")
            select (script, wire, at, kind, with);

        var complaints = 0;
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(mutations.ToArbitrary(), m =>
        {
            var lines = Events.Read(Render(m.script, m.wire)).Select(e => e.Data).ToList();
            var line = lines[m.at % lines.Count];
            var place = m.at % line.Length;
            lines[m.at % lines.Count] = m.kind switch
            {
                0 => line[..place],
                1 => line.Insert(place, m.with),
                2 => line.Remove(place, 1),
                _ => line[..place] + m.with + line[(place + 1)..],
            };
            foreach (var to in DoorWires.Where(w => w != m.wire))
            {
                var (_, complaint) = Given.Stream(string.Concat(lines.Select(l => $"data: {l}\n\n")), m.wire, to);
                complaints += complaint is null ? 0 : 1;
            }
        }));
        Assert.True(complaints > 200, $"{complaints} complaints");
    }

    private static Told Read(string events, Wire wire) => wire switch
    {
        Wire.Chat => ChatGrammar.Check(events),
        Wire.Messages => MessagesGrammar.Check(events),
        _ => ResponsesGrammar.Check(events),
    };

    private static string Expected(Script script)
    {
        var told = new Told { Input = script.Input, Cached = script.Cached, Output = script.Output };
        foreach (var piece in script.Pieces)
        {
            switch (piece.Kind)
            {
                case 't':
                    told.Text.Append(piece.Text);
                    break;
                case 'r':
                    told.Thinking.Append(piece.Text);
                    break;
                default:
                    told.Calls.Add(("", piece.Text, new StringBuilder(piece.Cuts.Length == 0 ? "{}" : string.Concat(piece.Cuts))));
                    break;
            }
        }

        told.Stop = script.IsCut ? "length" : told.Calls.Count > 0 ? "tool" : "done";
        return told.ToString();
    }

    private static string Render(Script script, Wire wire) => wire switch
    {
        Wire.Chat => ScriptedStream.Chat(script),
        Wire.Messages => ScriptedStream.Messages(script),
        _ => ScriptedStream.Gemini(script),
    };

    private static string[] Cut(string text, int pieces)
    {
        var size = Math.Max(1, text.Length / pieces);
        return [.. Enumerable.Range(0, (text.Length + size - 1) / size).Select(i => text.Substring(i * size, Math.Min(size, text.Length - (i * size))))];
    }
}
