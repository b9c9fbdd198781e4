namespace DataSpoc.Pipe.Sources.Text;

/// <summary>What becomes of a value's text in the type its column has. Nothing is ever rounded, cut or clamped to make it fit.</summary>
internal enum Fit
{
    /// <summary>The value is held exactly.</summary>
    Fits,

    /// <summary>The text is not of this kind at all, for example <c>12,50</c> as a number.</summary>
    NotOfType,

    /// <summary>The value is larger (or a year further away) than the type reaches.</summary>
    OutOfRange,

    /// <summary>The type has not enough digits for the value.</summary>
    TooPrecise,
}
