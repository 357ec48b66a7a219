namespace Stoa.Gateway.Resources;

/// <summary>A place in the text that was sent, both numbers from 1, columns in characters; line 0 means nowhere in the text.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public bool IsInText => Line > 0;
}
