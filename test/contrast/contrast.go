// Package contrast measures for tests how well one colour can be read on another.
package contrast

import (
	"image/color"
	"math"
)

// What the Web Content Accessibility Guidelines ask for at level AA (WCAG 2.2, 1.4.3 and 1.4.11).
const (
	Text  = 4.5 // of a text
	Lines = 3.0 // of what is no text, such as a frame
)

// Ratio is the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").
func Ratio(a, b color.Color) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.Color) float64 {
	red, green, blue, _ := c.RGBA()
	part := func(v uint32) float64 {
		share := float64(v) / 0xffff
		if share <= 0.03928 {
			return share / 12.92
		}
		return math.Pow((share+0.055)/1.055, 2.4)
	}
	return 0.2126*part(red) + 0.7152*part(green) + 0.0722*part(blue)
}
