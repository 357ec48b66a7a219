using System.Buffers;
using Microsoft.AspNetCore.Routing.Template;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Shape.Tests;

/// <summary>The Functions app as a whole: every URL belongs to one function, and the host's own paths to none.</summary>
public class FunctionsApp
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static TheoryData<string, string> Urls => [.. RouteTable.All.Select(r => (r.Path, r.Function ?? "")).Distinct()];

    [Theory]
    [MemberData(nameof(Urls))]
    public void A_url_is_reached_through_its_own_function_and_no_other(string path, string function)
    {
        Assert.Equal(function is "" ? [] : [function], FunctionsOf(path.Replace('{', 'x').Replace('}', 'x')));
    }

    [Fact]
    public void Every_function_serves_a_url()
    {
        Assert.Equal(RouteTable.Functions.Select(f => f.Function).Order(), RouteTable.All.Select(r => r.Function).OfType<string>().Distinct().Order());
    }

    [Theory]
    [InlineData("/admin/functions")]
    [InlineData("/runtime/webhooks/durabletask")]
    public void No_function_claims_a_path_of_the_host(string path) => Assert.Empty(FunctionsOf(path));

    [Fact]
    public void No_timer_can_be_reached_through_a_function()
    {
        Assert.All(FunctionFiles.Timers, timer => Assert.Empty(FunctionsOf("/" + timer.Function)));
    }

    [Fact]
    public void Function_names_are_unique_and_acceptable_to_the_host()
    {
        string[] names = [.. RouteTable.Functions.Select(f => f.Function), .. FunctionFiles.Timers.Select(t => t.Function)];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.True(name.Length <= 60 && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters), name));
    }

    [Fact]
    public void No_function_folder_outlives_its_function()
    {
        var folders = Directory.GetDirectories(Repository.PathOf(FunctionFiles.Folder)).Select(Path.GetFileName);

        Assert.Equal(FunctionFiles.All().Select(f => Path.GetFileName(Path.GetDirectoryName(f.Path))).Order(), folders.Order());
    }

    // With the repository itself as script root, the host takes every top-level folder that holds a function.json for a function.
    [Fact]
    public void No_top_level_folder_is_mistaken_for_a_function()
    {
        Assert.All(Directory.GetDirectories(Repository.Root), folder => Assert.False(File.Exists(Path.Combine(folder, "function.json")), folder));
    }

    private static IEnumerable<string> FunctionsOf(string path) => RouteTable.Functions
        .Where(f => new TemplateMatcher(TemplateParser.Parse(f.Route), []).TryMatch(path, []))
        .Select(f => f.Function);
}
