using System.Text;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Paging;

namespace Stoa.Gateway.Tests.Tools.Paging;

public sealed class PageListTests
{
    [Theory]
    [InlineData("$", "[1,2,3]", "1,2,3", 3)]
    [InlineData("$", " [ 1 , [2] ] ", " 1 , [2]", 2)]
    [InlineData("data.items", """{"a":{"items":[9]},"data":{"n":1,"items":[{"x":[1]},"]"]}}""", """{"x":[1]},"]" """, 2)]
    [InlineData("pages[1].list", """{"pages":[{"list":[1]},{"list":[2,3]}]}""", "2,3", 2)]
    [InlineData("""["odd name"]""", """{"odd\u0020name":[true]}""", "true", 1)]
    [InlineData("items", """{"items":[1],"items":[2,3]}""", "2,3", 2)]
    [InlineData("items", """{"items":[]}""", "", 0)]
    [InlineData("items", """{"items":null}""", "", 0)]
    public void Items_are_found_where_they_stand(string path, string page, string items, int count)
    {
        Assert.True(PageList.TryFind(Utf8(page), Path(path), out var list, out _));

        Assert.Equal((items.TrimEnd(), count), (page[list.Start..list.End], list.Count));
    }

    [Theory]
    [InlineData("data.items", """{"data":{}}""", "has no list at `data.items`.")]
    [InlineData("data.items", "[]", "has no list at `data.items`.")]
    [InlineData("data[3]", """{"data":[1]}""", "has no list at `data[3]`.")]
    [InlineData("items", """{"items":{"a":1}}""", "has an object at `items` where a list was expected.")]
    [InlineData("items", """{"items":"none"}""", "has text at `items` where a list was expected.")]
    [InlineData("items", """{"items":false}""", "has true or false at `items` where a list was expected.")]
    [InlineData("$", """{"items":[]}""", "is an object where a list was expected.")]
    [InlineData("$", "7", "is a number where a list was expected.")]
    public void A_page_without_the_list_says_what_it_has(string path, string page, string fault)
    {
        Assert.False(PageList.TryFind(Utf8(page), Path(path), out _, out var said));

        Assert.Equal(fault, said);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "{\"a\":[1,2]}")]
    [InlineData(2, "{\"a\":[1,2]}, \"b\"")]
    [InlineData(3, "{\"a\":[1,2]}, \"b\" ,3")]
    [InlineData(9, "{\"a\":[1,2]}, \"b\" ,3")]
    public void A_list_is_cut_behind_an_item(int items, string expected)
    {
        const string Page = """{"l":[{"a":[1,2]}, "b" ,3 ]}""";
        Assert.True(PageList.TryFind(Utf8(Page), Path("l"), out var list, out _));

        var cut = list.Take(Utf8(Page), items);

        Assert.Equal(expected, Page[cut.Start..cut.End]);
        Assert.Equal("]}", Page[cut.Close..]);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static ResponsePath Path(string text)
    {
        Assert.True(ResponsePath.TryCompile(text, out var path, out _));
        return path;
    }
}
