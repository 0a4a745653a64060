package failure

// Tight is the text in which names are looked for.
func Tight(text string) string { return normalise(text).tight }
